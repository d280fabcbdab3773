package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.ledger.RecoveryProposal.KeptHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code coco member head}. */
@Command(
        name = "head",
        mixinStandardHelpOptions = true,
        description = "Keeps the newest block that a node of the service shows: a journal without it is not the whole"
                + " journal. Run it regularly; a head that is kept already is only replaced by a newer one.",
        footer = {"", "Whoever recovers the service needs it: coco recover vote --kept FILE"})
final class MemberHeadCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the head is kept.")
    private Path out = Path.of("");

    MemberHeadCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        KeptHead newest;
        try (ServiceConnection connection = service.connect()) {
            JsonNode state = connection.get("/node/state");
            newest = new KeptHead(
                    state.required("height").asLong(), state.required("hash").asString());
        }
        try {
            if (Files.exists(out) && kept().height() >= newest.height()) {
                console.result("kept      height " + kept().height() + " as before");
                return ExitCode.OK.code();
            }
            Path next = out.resolveSibling(out.getFileName() + ".next");
            Files.writeString(next, newest.toJson() + "\n", StandardCharsets.UTF_8);
            Files.move(next, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | DocumentException failed) {
            throw new CliException(
                    out + " cannot be used: " + failed.getMessage(), "Name another file with --out.", failed);
        }
        console.result("kept      height " + newest.height() + ", hash " + newest.hash());
        return ExitCode.OK.code();
    }

    private KeptHead kept() throws IOException {
        return KeptHead.read(new Fields(Documents.json(Files.readAllBytes(out), ""), ""));
    }
}
