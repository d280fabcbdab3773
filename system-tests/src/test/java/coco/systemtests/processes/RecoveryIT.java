package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import coco.crypto.Hex;
import coco.ledgers.kv.KvTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three organisations lose the disks of two of their three nodes while clients write. What the third disk holds, and
 * two of three members with their shares, bring the service back; fewer, others, or an older copy do not.
 */
@Tag("processes")
@Timeout(900)
class RecoveryIT {
    private static final Duration STOP = Duration.ofMinutes(1);
    private static final List<String> MEMBERS = List.of("acme", "beta", "gamma");
    private static final String HEAP = "384";

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
    void shouldGoOnWithOneDiskWhenTwoOfThreeMembersDecide() throws Exception {
        coco = new CocoCommands(folder.resolve("network"));
        found();
        coco.run("up", "--detach", "--heap", HEAP);
        decide("open-service");
        try (SecureKvLoad load = new SecureKvLoad(this::runningNodes)) {
            load.signedIn(coco.signIn(signer("acme"), token()));
            load.start();
            load.awaitMore(20);
            Path backup = folder.resolve("backup");
            DiskImage.copy(network().folder().node(2).resolve("journal"), backup);
            load.awaitMore(100);
            load.stop();
            assertThat(load.lostAt(url(1))).isEmpty();
            Path early = receiptOf(load, 1, "early", service());
            assertJudged(early, service(), true);
            coco.run("member", "head", "--out", file("acme", ".head"), "--signer", signer("acme"));
            kill();
            DiskImage.delete(network().folder().node(2));
            DiskImage.delete(network().folder().node(3));

            refuseOlderCopy(backup);
            // The journal of one node as it was, and the Raft log of another as it is: the newest blocks are in that
            // alone.
            Path left = folder.resolve("left");
            DiskImage.copy(backup, left.resolve("journal"));
            DiskImage.copy(network().folder().node(1).resolve("raft"), left.resolve("raft"));
            recover(left.toString(), backup);
            System.out.printf("recovery: %d writes acknowledged before%n", load.count());
            assertThat(load.lostAt(url(4))).as("acknowledged and lost").isEmpty();
            assertThat(load.put(url(4), "after", "recovery")).isTrue();
            proveAcross(load, early);
        }
        joinedBy("beta");
        coco.run("gov", "constitution", "--signer", signer("gamma"));
        LocalNetwork.stop(network().running());
        CocoCommands.Ended verified = CocoCommands.anywhere(
                "journal", "verify", network().folder().node(4).toString(), "--service-cert", service());
        System.out.println(verified.printed());
        assertThat(verified.code()).as(verified.printed()).isZero();
        verifyAgain();
    }

    /** A receipt from before proves what it proved; who knows the old certificate alone believes no new one. */
    private void proveAcross(SecureKvLoad load, Path early) throws Exception {
        network().tls();
        String newest = service() + ".newest";
        assertJudged(early, service(), true);
        assertJudged(early, newest, false);
        for (String key : List.of("early", "late")) {
            Path receipt = receiptOf(load, 4, key, newest);
            assertJudged(receipt, newest, true);
            assertJudged(receipt, service(), false);
        }
    }

    /** Puts a key, or finds that it was put, and gets the receipt, as JSON for one and as COSE for the other. */
    private Path receiptOf(SecureKvLoad load, int node, String key, String certificate) {
        assertThat(load.put(url(node), key + "?id=" + key, key)).isTrue();
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        Path receipt = folder.resolve(key + node + ".receipt");
        List<String> words =
                new ArrayList<>(List.of("receipt", "get", Hex.encode(new KvTransaction(key, bytes, bytes).id())));
        words.addAll(List.of("--url", url(node).toString(), "--out", receipt.toString()));
        words.addAll(List.of("--service-cert", certificate, "--token-file", token().toString()));
        if (key.equals("late")) {
            words.add("--cose");
        }
        CocoCommands.Ended got = CocoCommands.anywhere(words.toArray(String[]::new));
        assertThat(got.code()).as(got.printed()).isZero();
        return receipt;
    }

    private static void assertJudged(Path receipt, String certificate, boolean valid) throws Exception {
        int code = valid ? 0 : 1;
        CocoCommands.Ended first =
                CocoCommands.anywhere("receipt", "verify", receipt.toString(), "--service-cert", certificate);
        assertThat(first.code()).as(first.printed()).isEqualTo(code);
        if (SecondVerifier.isInstalled()) {
            SecondVerifier.Ended second =
                    SecondVerifier.run("receipt", receipt.toString(), "--service-cert", certificate);
            assertThat(second.code()).as(second.printed()).isEqualTo(code);
        }
    }

    /** The other verifier judges the ballots too: with one of them changed, or more needed, it believes nothing. */
    private void verifyAgain() throws Exception {
        if (!SecondVerifier.isInstalled()) {
            System.out.println("recovery: not verified a second time, python3-cryptography is not installed");
            return;
        }
        String[] words = {"journal", network().folder().node(4).toString(), "--service-cert", service()};
        SecondVerifier.Ended second = SecondVerifier.run(words);
        System.out.println(second.printed());
        assertThat(second.code()).as(second.printed()).isZero();
        for (String change : List.of(
                """
                whole = v.lengthed
                v.lengthed = lambda data: whole(data)[:-1] + [whole(data)[-1][:-1] + b'?']""",
                "v.lengthed = lambda data, whole=v.lengthed: whole(data)[:-1]",
                "v.lengthed = lambda data, whole=v.lengthed: whole(data) + whole(data)[-1:]",
                """
                whole = v.parse_json
                v.parse_json = lambda data: dict(whole(data), firstWithoutEvidence=-1)
                v.members = lambda *all: None""")) {
            SecondVerifier.Ended refused = SecondVerifier.changed(change, words);
            assertThat(refused.code()).as("%s: %s", change, refused.printed()).isEqualTo(1);
            assertThat(refused.printed()).contains(": invalid").doesNotContain("Traceback");
        }
    }

    /** A proposal on an older copy; {@code more} is "--rollback" or nothing. */
    private CocoCommands.Ended proposeOlder(Path backup, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "propose",
                "--dir",
                folder.resolve("older").toString(),
                "--genesis",
                genesis(),
                "--id",
                "node-9",
                "--from",
                backup.toString(),
                "--service-cert",
                service(),
                "--owner",
                "acme",
                "--signer",
                signer("acme"),
                "--kept",
                file("acme", ".head"),
                "--out",
                file("acme", ".older")));
        words.addAll(List.of(more));
        return tried(words.toArray(String[]::new));
    }

    /** Whoever lost blocks says so, and members have to agree. */
    private void refuseOlderCopy(Path backup) {
        CocoCommands.Ended refused = proposeOlder(backup);
        assertThat(refused.code()).as(refused.printed()).isNotZero();
        assertThat(refused.printed()).contains("this journal lacks block");
        CocoCommands.Ended proposed = proposeOlder(backup, "--rollback");
        assertThat(proposed.code()).as(proposed.printed()).isZero();
        assertThat(proposed.printed()).contains("GIVES UP");
        CocoCommands.Ended vote = tried(
                "vote",
                "--journal",
                backup.toString(),
                "--service-cert",
                service(),
                "--proposal",
                file("acme", ".older"),
                "--signer",
                signer("acme"),
                "--out",
                file("acme", ".older.ballot"));
        assertThat(vote.printed()).contains("gives up blocks that were committed");
        assertThat(vote.code()).isNotZero();
    }

    private void recover(String survivor, Path backup) throws IOException {
        String seen = done("survey", survivor, backup.toString(), "--service-cert", service());
        assertThat(seen).contains("best       " + survivor).contains("it takes   2 ballots, and shares of 2 members");
        assertThat(seen).contains("raft log goes on to height");
        String proposed = done(
                "propose",
                "--dir",
                coco.directory().toString(),
                "--from",
                survivor,
                "--service-cert",
                service(),
                "--owner",
                "acme",
                "--signer",
                signer("acme"),
                "--kept",
                file("acme", ".head"),
                "--out",
                proposal());
        assertThat(proposed).contains("were found in a Raft log alone");
        String journal = network().folder().node(4).toString();
        for (String member : MEMBERS) {
            done(
                    "vote",
                    "--journal",
                    journal,
                    "--service-cert",
                    service(),
                    "--proposal",
                    proposal(),
                    "--kept",
                    file("acme", ".head"),
                    "--signer",
                    signer(member),
                    "--out",
                    file(member, ".ballot"));
            done(
                    "share",
                    "--journal",
                    journal,
                    "--service-cert",
                    service(),
                    "--proposal",
                    proposal(),
                    "--member",
                    member,
                    "--recovery-key",
                    file(member, ".recovery.key"),
                    "--out",
                    file(member, ".shares"));
        }
        waits("ballots", ballot("acme"), share("acme"), share("beta"));
        waits("shares of 1 more members", ballot("acme"), ballot("beta"), share("acme"));
        refuseForged();
        String finished = coco.run(words(ballot("acme"), ballot("gamma"), share("beta"), share("gamma")));
        System.out.println(finished);
        assertThat(finished).contains("generation  1").contains("It serves.");
    }

    private void refuseForged() throws IOException {
        // A ballot of a member whose bytes were changed, one by nobody's key, and the same member twice.
        byte[] changed = Files.readAllBytes(Path.of(file("beta", ".ballot")));
        changed[changed.length - 1] ^= 1;
        Files.write(Path.of(file("beta", ".forged")), changed);
        waits(
                "a ballot does not count: signature",
                ballot("acme"),
                List.of("--ballot", file("beta", ".forged")),
                share("acme"),
                share("beta"));
        makeKeys("mallory");
        CocoCommands.Ended vote = tried(
                "vote",
                "--journal",
                network().folder().node(4).toString(),
                "--service-cert",
                service(),
                "--proposal",
                proposal(),
                "--signer",
                signer("mallory"),
                "--out",
                file("mallory", ".ballot"));
        assertThat(vote.code()).as(vote.printed()).isZero();
        waits("unknown-signer", ballot("acme"), ballot("mallory"), share("acme"), share("beta"));
        waits("1 more ballots", ballot("acme"), ballot("acme"), share("acme"), share("beta"));
        byte[] shares = Files.readAllBytes(Path.of(file("beta", ".shares")));
        shares[shares.length - 1] ^= 1;
        Files.write(Path.of(file("beta", ".forged.shares")), shares);
        waits(
                "not encrypted to this node",
                ballot("acme"),
                ballot("beta"),
                share("acme"),
                List.of("--share", file("beta", ".forged.shares")));
    }

    @SafeVarargs
    private void waits(String reason, List<String>... given) {
        CocoCommands.Ended ended = coco.tried(words(given));
        assertThat(ended.code()).as(ended.printed()).isEqualTo(3);
        assertThat(ended.printed()).contains("waits for").contains(reason);
    }

    @SafeVarargs
    private String[] words(List<String>... given) {
        List<String> words = new ArrayList<>(List.of("recover", "finish", "--service-cert", service(), "--heap", HEAP));
        for (List<String> each : given) {
            words.addAll(each);
        }
        return words.toArray(String[]::new);
    }

    private List<String> ballot(String member) {
        return List.of("--ballot", file(member, ".ballot"));
    }

    private List<String> share(String member) {
        return List.of("--share", file(member, ".shares"));
    }

    private static CocoCommands.Ended tried(String... words) {
        return CocoCommands.anywhere(
                Stream.concat(Stream.of("recover"), Stream.of(words)).toArray(String[]::new));
    }

    private static String done(String... words) {
        CocoCommands.Ended ended = tried(words);
        System.out.println(ended.printed());
        assertThat(ended.code()).as(ended.printed()).isZero();
        return ended.printed();
    }

    private String proposal() {
        return folder.resolve("proposal.json").toString();
    }

    // ---------------------------------------------------------------- the network before and after

    private void found() {
        List<String> words = new ArrayList<>(List.of("init", "--preset", "consortium", "--nodes", "3"));
        words.addAll(List.of("--port", Integer.toString(PortPlan.freeBase(ProcessNetwork.NODES))));
        words.addAll(List.of("--recovery-threshold", "2"));
        for (String id : MEMBERS) {
            makeKeys(id);
            words.addAll(List.of("--member", id + "=" + file(id, ".pem")));
            words.addAll(List.of("--recovery-key", id + "=" + file(id, ".recovery.pub")));
            words.addAll(List.of("--owner", id + "=" + signer(id)));
        }
        coco.run(words.toArray(String[]::new));
    }

    private void makeKeys(String id) {
        CocoCommands.Ended made = CocoCommands.anywhere(
                "member", "init", id, "--out", folder.resolve(id).toString());
        assertThat(made.code()).as(made.printed()).isZero();
    }

    private void decide(String... action) {
        String printed = coco.run(Stream.of(
                        Stream.of("gov", "propose"), Stream.of(action), Stream.of("--json", "--signer", signer("acme")))
                .flatMap(each -> each)
                .toArray(String[]::new));
        String id = JsonMapper.shared()
                .readTree(printed)
                .required("proposal")
                .required("id")
                .asString();
        for (String voter : List.of("acme", "gamma")) {
            coco.run("gov", "vote", id, "--accept", "--signer", signer(voter));
        }
    }

    private void joinedBy(String owner) {
        coco.run("node", "join", "--owner", owner, "--signer", signer(owner), "--detach", "--heap", HEAP);
        ProcessNetwork.await(
                () -> coco.run("gov", "joins", "--signer", signer("acme")).contains("node-5"), "the newcomer to knock");
        decide(
                "admit-node",
                "--node",
                network().folder().keys(5).resolve("entry.json").toString());
        try (SecureKvLoad asking = new SecureKvLoad(List::of)) {
            asking.signedIn(readToken());
            ProcessNetwork.await(
                    () -> asking.get(url(5).resolve("/kv/after")).equals("recovery"),
                    "another node to join, and to have what was written after the recovery");
        }
    }

    private Path token() {
        return folder.resolve("token");
    }

    /** A session outlives the disaster: it is state like any other. */
    private String readToken() {
        try {
            return Files.readString(token()).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void kill() {
        List<NodeProcess> processes = network().running();
        processes.forEach(NodeProcess::kill);
        processes.forEach(process -> assertThat(process.awaitExit(STOP))
                .as("node %s", process.node())
                .isTrue());
    }

    private String signer(String id) {
        return "file:" + file(id, ".key");
    }

    private String file(String id, String ending) {
        return folder.resolve(id).resolve(id + ending).toString();
    }

    private String service() {
        return network().folder().serviceCertificate().toString();
    }

    private String genesis() {
        return network().folder().genesis().toString();
    }

    private LocalNetwork network() {
        return LocalNetwork.open(new NetworkFolder(coco.directory()));
    }

    private List<URI> runningNodes() {
        List<URI> urls =
                network().running().stream().map(process -> url(process.node())).toList();
        return urls.isEmpty() ? List.of(url(1)) : urls;
    }

    private URI url(int node) {
        return network().httpsUrl(node);
    }
}
