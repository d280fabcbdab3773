package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.NetworkFolder;
import coco.governance.NodeEntry;
import coco.governance.NodeTuple;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.governance.document.DocumentException;
import coco.node.join.OwnEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coco node sign}. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Signs, as its owner, the entry that a node on hardware made at its start. The node waits for it,"
                + " and members then admit the signed entry, or put it in the place of the node that ended.")
final class NodeSignCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE", description = "entry.unsigned.json of the node's keys folder.")
    private Path file = Path.of("");

    @Mixin
    private SignerOptions signer = new SignerOptions();

    NodeSignCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Signer owner = signer.open(new NetworkFolder(Path.of(NetworkFolder.DEFAULT)));
        Path answer = file.resolveSibling("entry.json");
        try {
            NodeEntry entry = OwnEntry.read(Files.readAllBytes(file));
            byte[] payload = NodeTuple.payload(entry, owner.certificate());
            NodeEntry signed =
                    entry.withSignature(CoseSign1.sign(owner, NodeTuple.externalAad(), NodeTuple.CONTENT, payload)
                            .bytes());
            Path whole = file.resolveSibling("entry.json.new");
            Files.write(whole, OwnEntry.write(signed));
            Files.move(whole, answer, StandardCopyOption.REPLACE_EXISTING);
            console.result("node      " + entry.id() + " of " + entry.owner() + " at " + entry.host());
            console.result("signed    " + answer);
            return ExitCode.OK.code();
        } catch (IOException | DocumentException unreadable) {
            throw new CliException(
                    "the entry in " + file + " cannot be signed: " + unreadable.getMessage(),
                    "Name the file that the node's log names.",
                    unreadable);
        }
    }
}
