package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose Raft files are lost may have voted: it does not resume, and comes back as another. */
@Tag("processes")
@Timeout(600)
class RejoinIT {
    private static final Pattern PROPOSAL = Pattern.compile("proposal\\s+([0-9a-f]{64})");
    private static final int HEAP_MEBIBYTES = 384;

    @TempDir
    private Path folder = Path.of("");

    private CocoCommands coco = new CocoCommands(folder);

    @AfterEach
    void stopNodes() {
        if (Files.exists(new NetworkFolder(coco.directory()).description())) {
            LocalNetwork.stop(network().running());
        }
    }

    @Test
    void shouldComeBackUnderANewIdentityWhenRaftFilesAreLost() throws Exception {
        coco = new CocoCommands(folder.resolve("network"));
        found();
        coco.run("up", "--detach", "--heap", Integer.toString(HEAP_MEBIBYTES));
        try (SecureKvLoad writer = new SecureKvLoad(List::of)) {
            accept(coco.run("gov", "propose", "open-service", "--signer", signer("acme")), "acme", "gamma");
            ProcessNetwork.await(
                    () -> coco.tried("access", "enrol", "--account", "0", "--signer", signer("acme"))
                                    .code()
                            == 0,
                    "the service to be open");
            writer.signedIn(coco.signIn(signer("acme"), folder.resolve("token")));
            ProcessNetwork.await(
                    () -> writer.put(network().httpsUrl(1), "before", "loss"), "the service to take a write");
            loseVotes();
            String asked = coco.run(
                    "node",
                    "rejoin",
                    "--old",
                    "node-3",
                    "--from",
                    network().folder().node(3).toString(),
                    "--owner",
                    "gamma",
                    "--signer",
                    signer("gamma"),
                    "--propose",
                    "--detach",
                    "--heap",
                    "384");
            ProcessNetwork.await(
                    () -> coco.run("gov", "joins", "--signer", signer("acme")).contains("node-4"), "it to knock");
            accept(asked, "acme");
            ProcessNetwork.await(
                    () -> writer.get(network().httpsUrl(4).resolve("/kv/before"))
                            .equals("loss"),
                    "the node to take part under its new name");
        }
    }

    private void loseVotes() throws Exception {
        NodeProcess process = network().process(3).orElseThrow();
        process.kill();
        assertThat(process.awaitExit(Duration.ofMinutes(1))).isTrue();
        DiskImage.delete(network().folder().node(3).resolve("raft").resolve("raft"));
        network().start(3, NodeJvm.sameAsThis(HEAP_MEBIBYTES));
        ProcessNetwork.await(() -> network().process(3).isEmpty(), "a node without its votes to end");
        assertThat(Files.readString(network().folder().log(3))).contains("join under a new peer id");
    }

    private void accept(String proposed, String... voters) {
        Matcher proposal = PROPOSAL.matcher(proposed);
        assertThat(proposal.find()).as(proposed).isTrue();
        for (String voter : voters) {
            coco.run("gov", "vote", proposal.group(1), "--accept", "--signer", signer(voter));
        }
    }

    private void found() {
        List<String> words = new ArrayList<>(List.of("init", "--preset", "consortium", "--nodes", "3"));
        words.addAll(List.of("--port", Integer.toString(PortPlan.freeBase(ProcessNetwork.NODES))));
        for (String id : List.of("acme", "beta", "gamma")) {
            CocoCommands.Ended made = CocoCommands.anywhere(
                    "member", "init", id, "--out", folder.resolve(id).toString());
            assertThat(made.code()).as(made.printed()).isZero();
            words.addAll(List.of("--member", id + "=" + file(id, ".pem")));
            words.addAll(List.of("--recovery-key", id + "=" + file(id, ".recovery.pub")));
            words.addAll(List.of("--owner", id + "=" + signer(id)));
        }
        coco.run(words.toArray(String[]::new));
    }

    private String signer(String id) {
        return "file:" + file(id, ".key");
    }

    private String file(String id, String ending) {
        return folder.resolve(id).resolve(id + ending).toString();
    }

    private LocalNetwork network() {
        return LocalNetwork.open(new NetworkFolder(coco.directory()));
    }
}
