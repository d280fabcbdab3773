package coco.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coco.crypto.Hex;
import coco.journal.BlockHeader;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalVerifier;
import coco.journal.MalformedException;
import coco.journal.Report;
import coco.journal.SealedBlock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The verifier in docs/specs/verifier, which is written from the documents, over the same files: it must judge as this
 * one does, fault by fault.
 */
final class SecondVerifierTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("coco.root", ".."), "docs", "specs", "verifier", "coco_verify.py");
    private static final Path VECTORS = ReceiptVectorsTest.FOLDER;
    private static final Path CERTIFICATE = VECTORS.resolve("service-0.pem");

    @TempDir
    private Path folder = Path.of("");

    private @Nullable ReceiptVectors vectors;
    private final List<Path> journals = new ArrayList<>();

    /** An answer of the second verifier. */
    private record Answer(int exit, List<String> lines) {}

    @BeforeEach
    void needPython() throws IOException, InterruptedException, MalformedException {
        boolean found;
        try {
            found = run("python3", "-c", "import cryptography").exit() == 0;
        } catch (IOException none) {
            found = false;
        }
        assumeTrue(found, "python3 with the package cryptography is not installed");
        vectors = new ReceiptVectors(VECTORS);
    }

    private ReceiptVectors vectors() {
        return Objects.requireNonNull(vectors);
    }

    private static Answer run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Answer(process.exitValue(), out.lines().toList());
    }

    @Test
    void shouldJudgeTheVectorsOfReceiptsAsTheySay() throws IOException, InterruptedException {
        Answer answer = run("python3", SCRIPT.toString(), "vectors", VECTORS.toString());
        assertThat(answer.exit()).as(String.join("\n", answer.lines())).isZero();
        assertThat(answer.lines().getLast()).matches("[1-9][0-9]+ receipts, 0 judged otherwise");
    }

    @Test
    void shouldFindTheSameFaultsInAJournal() throws IOException, InterruptedException, MalformedException {
        plantNothing();
        plantInBytes();
        plantInBlocks();
        plantInFiles();
        Map<String, Report> expected = new LinkedHashMap<>();
        JournalVerifier verifier = new JournalVerifier(
                new ServiceMaps(), epoch -> vectors().epoch(epoch).sealRoot(), ReceiptVectors.LIMITS);
        for (Path journal : journals) {
            expected.put(journal.getFileName().toString(), verifier.verify(journal, vectors().firstCertificate));
        }
        Answer answer = run(command());
        assertThat(answer.lines()).as(String.join("\n", answer.lines())).hasSize(journals.size());
        List<String> differences = new ArrayList<>();
        int invalid = 0;
        int line = 0;
        for (Map.Entry<String, Report> each : expected.entrySet()) {
            Report report = each.getValue();
            String ours = report.verdict() + " " + report.firstBadHeight();
            String found = answer.lines().get(line++);
            String theirs = part(found, "\"verdict\": \"(\\w+)\"") + " " + part(found, "\"firstBadHeight\": (-?\\d+)");
            if (!ours.equals(theirs)) {
                differences.add(each.getKey() + ": " + ours + ", but there " + found + "\n" + report.toText());
            }
            invalid += report.verdict() == Report.Verdict.INVALID ? 1 : 0;
        }
        assertThat(differences).as("of %d journals", journals.size()).isEmpty();
        assertThat(invalid).as("faults found").isGreaterThan(70);
    }

    private String[] command() {
        List<String> command = new ArrayList<>(List.of("python3", SCRIPT.toString(), "journal", "--json"));
        command.addAll(List.of("--service-cert", CERTIFICATE.toString()));
        for (long epoch : new long[] {0, ReceiptVectors.ADMISSION, ReceiptVectors.REMOVAL}) {
            command.add("--seal-root");
            command.add(
                    epoch + "=" + Hex.encode(vectors().epoch(epoch).sealRoot().secret()));
        }
        journals.forEach(journal -> command.add(journal.toString()));
        return command.toArray(String[]::new);
    }

    private static String part(String line, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(line);
        return matcher.find() ? matcher.group(1) : "nothing";
    }

    private Path journal(String name) throws IOException {
        Path journal = Files.createDirectory(folder.resolve(name));
        journals.add(journal);
        return journal;
    }

    private void plantNothing() throws IOException {
        vectors().write(journal("whole"));
    }

    /** Any byte of a file. */
    private void plantInBytes() throws IOException {
        Random random = new Random(8);
        for (int i = 0; i < 30; i++) {
            Path journal = journal("byte-" + i);
            vectors().write(journal);
            try (Stream<Path> files = Files.list(journal)) {
                List<Path> chunks = files.sorted().toList();
                Path chunk = chunks.get(i % chunks.size());
                byte[] bytes = Files.readAllBytes(chunk);
                int end = i % chunks.size() == 0 ? bytes.length : Math.min(bytes.length, 4_000);
                bytes[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
                Files.write(chunk, bytes);
            }
        }
    }

    /** A byte of a block, under frames that are right. */
    private void plantInBlocks() throws IOException, MalformedException {
        int[] offsets = {36, 47, 55, 63, 64, 96, 104, 143, 144, 176, 208, 240, 272, 304, BlockHeader.LENGTH + 6};
        for (int height : new int[] {0, 5, 9}) {
            for (int offset : offsets) {
                blocks("block-" + height + "-" + offset, height, bytes -> flipped(bytes, offset));
            }
            blocks("signature-" + height, height, bytes -> flipped(bytes, bytes.length - 1));
            blocks("ciphertext-" + height, height, bytes -> flipped(bytes, bytes.length - 90));
        }
        Path journal = journal("nonce");
        List<JournalEntry> entries = new ArrayList<>(vectors().entries);
        JournalEntry good = entries.get(4);
        byte[] nonce = entries.get(5).evidenceNonce();
        entries.set(4, new JournalEntry(good.raftTerm(), good.raftIndex(), nonce, good.block()));
        write(journal, entries);
    }

    private static byte[] flipped(byte[] bytes, int offset) {
        bytes[offset] ^= 1;
        return bytes;
    }

    private void blocks(String name, int height, UnaryOperator<byte[]> change) throws IOException {
        List<JournalEntry> entries = new ArrayList<>(vectors().entries);
        JournalEntry good = entries.get(height);
        byte[] bytes = change.apply(good.block().bytes().clone());
        try {
            entries.set(
                    height,
                    new JournalEntry(
                            good.raftTerm(), good.raftIndex(), good.evidenceNonce(), SealedBlock.parse(bytes)));
        } catch (MalformedException e) {
            return; // No journal holds what does not parse; flips of any byte are tested above.
        }
        if (entries.get(height).height() == height) {
            write(journal(name), entries);
        }
    }

    private void write(Path journal, List<JournalEntry> entries) {
        if (Journal.open(new FileStorage(journal), vectors().serviceId, ReceiptVectors.LIMITS)
                instanceof Journal.Opening.Ready ready) {
            entries.forEach(ready.journal()::append);
            ready.journal().close();
        }
    }

    private void plantInFiles() throws IOException {
        Path without = journal("without-first");
        vectors().write(without);
        List<Path> chunks;
        try (Stream<Path> files = Files.list(without)) {
            chunks = files.sorted().toList();
        }
        Files.delete(chunks.getFirst());
        Path cut = journal("cut");
        vectors().write(cut);
        Path first = cut.resolve(chunks.getFirst().getFileName());
        byte[] bytes = Files.readAllBytes(first);
        Files.write(first, Arrays.copyOf(bytes, bytes.length - 40));
        Path renamed = journal("renamed");
        vectors().write(renamed);
        Files.move(renamed.resolve(chunks.getFirst().getFileName()), renamed.resolve("00000000000000000001.chunk"));
        journal("empty");
        Path aside = journal("put-aside");
        vectors().write(aside);
        Path last = aside.resolve(chunks.getLast().getFileName());
        Files.move(last, aside.resolve(chunks.getLast().getFileName() + ".quarantined"));
    }
}
