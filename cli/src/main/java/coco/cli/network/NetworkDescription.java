package coco.cli.network;

import coco.cli.console.CliException;
import coco.governance.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a network was made: {@code network.json}.
 *
 * @param format version of this file
 * @param preset how strict it is
 * @param nodes how many there are, numbered from 1
 * @param basePort see {@link PortPlan}
 * @param chainId EIP-155
 */
public record NetworkDescription(int format, Preset preset, int nodes, int basePort, long chainId) {
    /** The only version of the file there is. */
    public static final int FORMAT = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Who listens where. */
    public PortPlan ports() {
        return new PortPlan(basePort);
    }

    /** @throws CliException there is none, or it cannot be understood */
    static NetworkDescription read(NetworkFolder folder) {
        Path file = folder.description();
        if (!Files.exists(file)) {
            throw new CliException(
                    "there is no network in " + folder.root(),
                    "Make one with: coco up, or name its folder with --dir.");
        }
        try {
            NetworkDescription description = JSON.readValue(Files.readAllBytes(file), NetworkDescription.class);
            if (description.format() != FORMAT || description.nodes() < 1 || description.nodes() > PortPlan.NODES_MAX) {
                throw new CliException(
                        file + " was written by another version of Coco (format " + description.format() + ")",
                        "Use that version, or start afresh with: coco up --reset");
            }
            return description;
        } catch (IOException | JacksonException e) {
            throw new CliException(
                    file + " cannot be read: " + e.getMessage(), "Start afresh with: coco up --reset", e);
        }
    }

    void write(NetworkFolder folder) throws IOException {
        Files.write(folder.description(), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }
}
