package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.bench.BenchToken;
import coco.evm.types.Address;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Blocks of a running network, fetched with their state by the command, give the same when they are executed again. */
@Tag("processes")
@Timeout(300)
class FetchIT {
    private static final String CODES = "codes.json.gz";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldReplayWhatWasFetchedFromANode() throws Exception {
        Path blocks = folder.resolve("blocks");
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of())) {
            EthereumClient client = new EthereumClient(network);
            Address token = Address.fromHex(client.create(1, BenchToken.creationCode())
                    .path("contractAddress")
                    .asString(""));
            client.execute(2, token, BenchToken.fill(client.address().bytes(), BigInteger.TEN));
            JsonNode last = client.execute(3, token, BenchToken.transfer(token.bytes(), 4));
            assertThat(last.path("status").asString("")).isEqualTo("0x1");
            long height = Long.decode(last.path("blockNumber").asString(""));
            network.awaitLevel();

            CocoCommands.Ended fetched = CocoCommands.anywhere(
                    "demo",
                    "compare",
                    "--fetch",
                    network.url(2, "").toString(),
                    "--blocks",
                    "1.." + height,
                    "--transactions",
                    blocks.toString());

            assertThat(fetched.printed()).contains("fetched 3 transactions");
        }
        CocoCommands.Ended replayed = CocoCommands.anywhere("evm", "replay", blocks.toString());
        assertThat(replayed.code()).as(replayed.printed()).isZero();

        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(blocks.resolve(CODES)))) {
            out.write("{}".getBytes(StandardCharsets.UTF_8));
        }
        CocoCommands.Ended without = CocoCommands.anywhere("evm", "replay", blocks.toString());
        assertThat(without.code()).as("contracts without their code").isEqualTo(1);
    }
}
