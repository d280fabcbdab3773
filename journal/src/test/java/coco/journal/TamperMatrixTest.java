package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import coco.journal.Journal.Opening;
import coco.journal.ReadResult.Found;
import coco.journal.ReadResult.Missing;
import coco.journal.StartReport.Note;
import coco.journal.testing.FaultyStorage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Everything that a host can do to the chunk files, by a disk that goes bad (bytes change) and by somebody who knows
 * the format (and makes every checksum right again). Each case goes the whole way of a node: start check, gaps filled
 * from another node, replay, reading with keys. Nothing wrong may come out of it, whatever the verdict.
 */
class TamperMatrixTest {
    private static final JournalLimits SMALL = JournalLimits.DEFAULT.withChunkBytes(8 << 10);
    private static final int BLOCKS = 44;
    private static final int SAMPLES = Integer.getInteger("coco.tamper.samples", 2);

    /** What came of a case. */
    private enum Verdict {
        /** The start says what is wrong, and nothing is served. */
        REFUSED,
        /** A file was put aside, and its range fetched and verified. */
        REPAIRED,
        /** What a crash explains was cut off; Raft's log brings it again. */
        CUT,
        /** Found when it was read with keys, put aside, fetched. */
        REPAIRED_WHEN_READ,
        /** The same in the open chunk, which cannot be put aside yet: the block is answered with a typed error. */
        REFUSED_WHEN_READ,
        /** The journal ends earlier, and goes on from there with what the others have. */
        ENDS_EARLIER,
        /** Raft's position beside an entry, which no hash covers: what Raft brings next has to follow by hash. */
        NOT_NOTICED,
        /** The bytes mean the same as before, or what was added was cut off and told. */
        HARMLESS
    }

    private static TestNetwork network = new TestNetwork(1);
    private static List<JournalEntry> chain = List.of();
    private static Map<String, byte[]> good = Map.of();
    private static List<String> files = List.of();

    private final Map<String, Map<Verdict, Integer>> table = new LinkedHashMap<>();

    @BeforeAll
    static void seal() {
        network = new TestNetwork(21);
        chain = network.chain(BLOCKS + 1, 2, 100);
        FaultyStorage storage = new FaultyStorage(new Random(1));
        Journal journal = open(storage);
        chain.subList(0, BLOCKS).forEach(journal::append);
        journal.force();
        good = storage.contents(); // not closed: zeros lie behind the last entry
        files = storage.list();
    }

    private static Journal open(Storage storage) {
        return ((Opening.Ready) Journal.open(storage, network.serviceId, SMALL)).journal();
    }

    /** In place of the bytes of a file that is deleted. */
    private static final String GONE = "gone";

    private static byte[] bytes(String file) {
        return Objects.requireNonNull(good.get(file));
    }

    private record Field(String name, int from, int to) {}

    /** Every field of a chunk, for some of its entries. */
    private static List<Field> fields(byte[] chunk) {
        List<Field> fields = new ArrayList<>(List.of(
                new Field("magic", 0, 8),
                new Field("version", 8, 12),
                new Field("preamble checksum", 12, 16),
                new Field("service id", 16, 48),
                new Field("first height", 48, 56),
                new Field("reserved", 56, 60),
                new Field("header checksum", 60, 64)));
        List<Integer> frames = frames(chunk);
        for (int at : List.of(frames.getFirst(), frames.get(frames.size() / 2), frames.getLast())) {
            addFrame(fields, chunk, at);
        }
        int end = end(chunk);
        if (Bytes.getInt(chunk, end) == ChunkFormat.FOOTER_MARK) {
            fields.add(new Field("footer mark", end, end + 4));
            fields.add(new Field("footer magic", end + 4, end + 8));
            fields.add(new Field("footer count", end + 8, end + 12));
            fields.add(new Field("footer offsets", end + 12, chunk.length - 36));
            fields.add(new Field("footer digest", chunk.length - 36, chunk.length - 4));
            fields.add(new Field("footer length", chunk.length - 4, chunk.length));
        } else {
            fields.add(new Field("zeros behind", end, chunk.length));
        }
        return fields;
    }

    private static void addFrame(List<Field> fields, byte[] chunk, int at) {
        int body = Bytes.getInt(chunk, at);
        int block = at + ChunkFormat.FRAME_PREFIX + ChunkFormat.ENTRY_PREFIX;
        int publicLength = Bytes.getInt(chunk, block + BlockHeader.LENGTH);
        int privateAt = block + BlockHeader.LENGTH + 4 + publicLength;
        int end = at + ChunkFormat.FRAME_PREFIX + body;
        fields.add(new Field("entry length", at, at + 4));
        fields.add(new Field("entry checksum", at + 4, at + 8));
        fields.add(new Field("Raft term", at + 8, at + 16));
        fields.add(new Field("Raft index", at + 16, at + 24));
        fields.add(new Field("nonce", at + 24, at + 56));
        fields.add(new Field("header P", block, block + BlockHeader.P_LENGTH));
        fields.add(new Field("header C", block + 272, block + 304));
        fields.add(new Field("header D", block + 304, block + 336));
        fields.add(new Field("public length", block + 336, block + 340));
        if (publicLength > 0) {
            fields.add(new Field("public writes", block + 340, block + 340 + publicLength));
        }
        fields.add(new Field("private length", privateAt, privateAt + 4));
        fields.add(new Field("IV", privateAt + 4, privateAt + 16));
        fields.add(new Field("ciphertext", privateAt + 16, end - 80));
        fields.add(new Field("tag", end - 80, end - 64));
        fields.add(new Field("signature", end - 64, end));
        fields.add(new Field("padding", end, at + ChunkFormat.frameLength(body)));
    }

    private static List<Integer> frames(byte[] chunk) {
        List<Integer> frames = new ArrayList<>();
        int at = ChunkFormat.HEADER_LENGTH;
        while (at + 4 <= chunk.length && Bytes.getInt(chunk, at) > 0) {
            frames.add(at);
            at += ChunkFormat.frameLength(Bytes.getInt(chunk, at));
        }
        return frames;
    }

    private static int end(byte[] chunk) {
        int last = frames(chunk).getLast();
        return last + ChunkFormat.frameLength(Bytes.getInt(chunk, last));
    }

    /** Makes every checksum right again, where the lengths still lead anywhere. */
    private static void makeRight(byte[] chunk, List<Integer> frames, int end) {
        Bytes.putInt(chunk, 12, ChunkFormat.checksum(chunk, 0, 12));
        Bytes.putInt(chunk, 60, ChunkFormat.checksum(chunk, 0, 60));
        for (int at : frames) {
            int body = Bytes.getInt(chunk, at);
            if (body > 0 && body <= chunk.length - at - 8) {
                java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
                checksum.update(chunk, at, 4);
                checksum.update(chunk, at + 8, body);
                Bytes.putInt(chunk, at + 4, (int) checksum.getValue());
            }
        }
        if (end < chunk.length && Bytes.getInt(chunk, end) == ChunkFormat.FOOTER_MARK) {
            byte[] digest = Digests.hash(Arrays.copyOf(chunk, chunk.length - 36));
            System.arraycopy(digest, 0, chunk, chunk.length - 36, digest.length);
        }
    }

    @Test
    void shouldServeNothingWrongWhicheverByteIsFlipped() {
        Random random = new Random(5);
        int cases = 0;
        List<String> targets = List.of(files.getFirst(), files.get(files.size() / 2), files.getLast());
        for (String file : targets) {
            byte[] chunk = bytes(file);
            String kind = file.equals(files.getLast()) ? "open chunk" : "closed chunk";
            for (Field field : fields(chunk)) {
                for (int sample = 0; sample < 2 * SAMPLES; sample++) {
                    byte[] bytes = chunk.clone();
                    bytes[field.from + random.nextInt(field.to - field.from)] ^= (byte) (1 << random.nextInt(8));
                    boolean knowing = sample % 2 == 1;
                    if (knowing) {
                        makeRight(bytes, frames(chunk), end(chunk));
                    }
                    Map<String, byte[]> disk = new TreeMap<>(good);
                    disk.put(file, bytes);
                    String row = kind + " | " + field.name + (knowing ? ", checksums made right" : "");
                    note(row, judge(disk, row, bytes, chunk));
                    cases++;
                }
            }
        }
        print("flipped bytes", cases);
        assertThat(cases).isGreaterThan(200);
    }

    @Test
    void shouldServeNothingWrongWhateverIsDoneToWholeFiles() {
        String first = files.getFirst();
        String middle = files.get(files.size() / 2);
        String next = files.get(files.size() / 2 + 1);
        String last = files.getLast();
        Map<String, Map<String, byte[]>> cases = new LinkedHashMap<>();
        cases.put("two closed chunks | names swapped", with(middle, bytes(next), next, bytes(middle)));
        cases.put("closed chunk | a copy of another", with(middle, bytes(next)));
        cases.put("closed chunk | a copy of another, header made right", with(middle, headed(bytes(next), middle)));
        cases.put("closed chunk | a copy under a later name", with(ChunkFormat.fileName(900), bytes(middle)));
        cases.put("closed chunk | deleted", with(middle, GONE));
        cases.put("first chunk | deleted", with(first, GONE));
        cases.put("closed chunk | of another network", with(middle, foreign(middle, false)));
        cases.put("closed chunk | of another network, headers made right", with(middle, foreign(middle, true)));
        cases.put("closed chunk | empty", with(middle, new byte[0]));
        cases.put("closed chunk | zeros behind its end", with(middle, longer(bytes(middle))));
        cases.put("open chunk | deleted", with(last, GONE));
        cases.put("open chunk | an older copy", with(last, older(last)));
        cases.put("open chunk | twice its entries", with(last, doubled(last)));
        cases.put("closed chunk | ciphertext of another block under a header", with(middle, ciphertextSwapped(middle)));
        cases.put("closed chunk | two entries swapped", with(middle, entriesSwapped(middle)));
        cases.put("closed chunk | an entry left out", with(middle, entryLeftOut(middle)));
        cases.put("closed chunk | a block that was sealed and lost", with(middle, lostBlock(middle)));
        Random random = new Random(6);
        for (int i = 0; i < 30; i++) {
            String file = files.get(random.nextInt(files.size()));
            byte[] whole = bytes(file);
            byte[] cut = Arrays.copyOf(whole, random.nextInt(end(whole)));
            String kind = file.equals(last) ? "open chunk" : "closed chunk";
            note(kind + " | truncated", judge(with(file, cut), kind + " truncated to " + cut.length, cut, whole));
        }
        Map<String, byte[]> rolledBack = new TreeMap<>(good);
        files.subList(files.size() / 2, files.size()).forEach(rolledBack::remove);
        cases.put("journal | rolled back by whole chunks", rolledBack);
        cases.forEach((row, disk) -> note(row, judge(disk, row, new byte[0], new byte[1])));
        print("whole files", cases.size() + 30);
    }

    private void note(String row, Verdict verdict) {
        table.computeIfAbsent(row, made -> new EnumMap<>(Verdict.class)).merge(verdict, 1, Integer::sum);
    }

    private void print(String what, int cases) {
        System.out.printf("tamper matrix, %s: %d cases%n", what, cases);
        table.forEach((row, verdicts) -> System.out.println("  " + row + " -> " + verdicts));
    }

    // ---------------------------------------------------------------- the way of a node

    /** Fails if anything wrong is served, or a change is neither told nor without effect. */
    private static Verdict judge(Map<String, byte[]> disk, String context, byte[] changed, byte[] original) {
        FaultyStorage storage = new FaultyStorage(new Random(2));
        disk.forEach(storage::put);
        Opening opening = Journal.open(storage, network.serviceId, SMALL);
        if (!(opening instanceof Opening.Ready ready)) {
            assertThat(((Opening.Refused) opening).words()).as(context).contains(".chunk");
            return Verdict.REFUSED;
        }
        List<Note> notes = ready.report().notes();
        Journal journal = ready.journal();
        journal.expectFromGenesis();
        boolean repaired = !journal.gaps().isEmpty();
        for (Missing gap : journal.gaps()) {
            if (!restore(journal, gap)) {
                return Verdict.REFUSED; // the range does not fit what is beside it, which so is wrong as well
            }
        }
        String refusal = replay(journal);
        if (refusal != null) {
            assertThat(refusal).as(context).contains("block ");
            return Verdict.REFUSED;
        }
        boolean found = readAll(journal, context);
        if (found && !journal.isDamaged()) {
            return Verdict.REFUSED_WHEN_READ; // in the open chunk, which is mended once it is closed
        }
        if (found) {
            journal.append(chain.get((int) journal.lastHeight() + 1));
            assertThat(journal.quarantineDamaged()).as(context).isNotEmpty();
            for (Missing gap : journal.gaps()) {
                assertThat(restore(journal, gap)).as(context).isTrue();
            }
            assertThat(readAll(journal, context)).as(context).isFalse();
            return Verdict.REPAIRED_WHEN_READ;
        }
        if (repaired) {
            assertThat(journal.gaps()).as(context).isEmpty();
            return Verdict.REPAIRED;
        }
        if (journal.lastHeight() < BLOCKS - 1) {
            boolean cut = notes.stream().anyMatch(StartReport.TornTailCut.class::isInstance);
            return cut ? Verdict.CUT : Verdict.ENDS_EARLIER;
        }
        if (isRaftPosition(journal)) {
            return Verdict.NOT_NOTICED;
        }
        boolean meansTheSame = Arrays.equals(changed, original) || !notes.isEmpty();
        assertThat(meansTheSame).as("%s: changed, and nobody says so", context).isTrue();
        return Verdict.HARMLESS;
    }

    /** Whether an entry has another Raft position than it came with. */
    private static boolean isRaftPosition(Journal journal) {
        for (JournalEntry entry : chain) {
            if (journal.read(entry.height()) instanceof Found(JournalEntry read)
                    && (read.raftIndex() != entry.raftIndex() || read.raftTerm() != entry.raftTerm())) {
                return true;
            }
        }
        return false;
    }

    private static boolean restore(Journal journal, Missing gap) {
        try (ChunkRestore restore = journal.restore(gap, Recoveries.NONE)) {
            if (restore == null) {
                return false;
            }
            while (!restore.isComplete()) {
                if (restore.next() >= BLOCKS || restore.append(chain.get((int) restore.next())) != null) {
                    return false;
                }
            }
            return restore.finish() instanceof ChunkRestore.Outcome.Restored;
        }
    }

    /** As a node replays its journal at a start. */
    private static @Nullable String replay(Journal journal) {
        BlockOpener opener = network.opener();
        ChainHead head = ChainHead.NONE;
        long last = journal.lastHeight();
        for (long height = 0; height <= last; height++) {
            switch (journal.read(height)) {
                case Found(JournalEntry entry) -> {
                    OpenResult result = height == last && opener.reopen(entry, head) instanceof OpenResult.Opened
                            ? opener.open(entry.block(), head)
                            : opener.reopen(entry, head);
                    if (result instanceof OpenResult.Refusal refusal) {
                        return refusal.words();
                    }
                    head = head.next(entry.block());
                }
                default -> {
                    return "block " + height + " is missing";
                }
            }
        }
        return null;
    }

    /** Reads as clients do: what is served must be right. Whether something was found that must not be served. */
    private static boolean readAll(Journal journal, String context) {
        BlockOpener opener = network.opener();
        boolean found = false;
        for (long height = 0; height <= Math.min(journal.lastHeight(), BLOCKS - 1); height++) {
            if (journal.read(height) instanceof Found(JournalEntry entry)) {
                if (opener.reread(entry) instanceof OpenResult.Refusal refusal) {
                    journal.distrust(height, refusal.words());
                    found = true;
                } else {
                    JournalEntry truth = chain.get((int) height);
                    assertThat(entry.block().bytes())
                            .as("%s, height %d", context, height)
                            .isEqualTo(truth.block().bytes());
                    assertThat(entry.evidenceNonce()).as(context).isEqualTo(truth.evidenceNonce());
                }
            }
        }
        return found;
    }

    // ---------------------------------------------------------------- what is done to files

    private static Map<String, byte[]> with(Object... namesAndBytes) {
        Map<String, byte[]> disk = new TreeMap<>(good);
        for (int i = 0; i < namesAndBytes.length; i += 2) {
            if (namesAndBytes[i + 1] instanceof byte[] bytes) {
                disk.put((String) namesAndBytes[i], bytes);
            } else {
                disk.remove((String) namesAndBytes[i]);
            }
        }
        return disk;
    }

    private static byte[] headed(byte[] chunk, String name) {
        byte[] out = chunk.clone();
        System.arraycopy(bytes(name), 0, out, 0, ChunkFormat.HEADER_LENGTH);
        makeRight(out, frames(out), end(out));
        return out;
    }

    private static byte[] foreign(String name, boolean knowing) {
        TestNetwork other = new TestNetwork(99);
        FaultyStorage storage = new FaultyStorage(new Random(9));
        try (Journal journal = ((Opening.Ready) Journal.open(storage, other.serviceId, SMALL)).journal()) {
            other.chain(BLOCKS, 2, 100).forEach(journal::append);
        }
        byte[] chunk = storage.bytes(name);
        return knowing ? headed(chunk, name) : chunk;
    }

    private static byte[] longer(byte[] chunk) {
        return Arrays.copyOf(chunk, chunk.length + 4096);
    }

    private static byte[] older(String name) {
        byte[] chunk = bytes(name).clone();
        List<Integer> frames = frames(chunk);
        Arrays.fill(chunk, frames.getLast(), chunk.length, (byte) 0);
        return chunk;
    }

    private static byte[] doubled(String name) {
        byte[] chunk = bytes(name);
        byte[] entries = Arrays.copyOfRange(chunk, ChunkFormat.HEADER_LENGTH, end(chunk));
        return Bytes.concat(Arrays.copyOf(chunk, end(chunk)), entries, new byte[512]);
    }

    /** A chunk of these entries, as the writer makes it. */
    private static byte[] written(String name, List<JournalEntry> entries) {
        FaultyStorage storage = new FaultyStorage(new Random(8));
        OpenChunk chunk = OpenChunk.create(storage, network.serviceId, ChunkFormat.firstHeight(name), SMALL);
        for (JournalEntry entry : entries) {
            byte[] frame = new byte[ChunkFormat.frameLength(entry)];
            ChunkFormat.putFrame(entry, frame);
            chunk.append(frame, frame.length);
        }
        chunk.close(storage);
        return storage.bytes(name);
    }

    private static List<JournalEntry> entries(String name) {
        int from = (int) ChunkFormat.firstHeight(name);
        return new ArrayList<>(chain.subList(from, from + frames(bytes(name)).size()));
    }

    private static byte[] ciphertextSwapped(String name) {
        List<JournalEntry> entries = entries(name);
        JournalEntry entry = entries.get(1);
        byte[] bytes = entry.block().bytes().clone();
        byte[] other = chain.get((int) entry.height() + 7).block().bytes();
        int at = BlockHeader.LENGTH + 8;
        System.arraycopy(other, at, bytes, at, bytes.length - at - 64);
        try {
            entries.set(
                    1,
                    new JournalEntry(
                            entry.raftTerm(), entry.raftIndex(), entry.evidenceNonce(), SealedBlock.parse(bytes)));
        } catch (MalformedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
        return written(name, entries);
    }

    private static byte[] entriesSwapped(String name) {
        List<JournalEntry> entries = entries(name);
        java.util.Collections.swap(entries, 1, 2);
        return written(name, entries);
    }

    private static byte[] entryLeftOut(String name) {
        List<JournalEntry> entries = entries(name);
        entries.remove(1);
        return written(name, entries);
    }

    /** Signed by a sealer of the network, at this very place, and never committed: nobody gave it a nonce. */
    private static byte[] lostBlock(String name) {
        List<JournalEntry> entries = entries(name);
        int at = (int) entries.getFirst().height();
        ChainHead head = ChainHead.NONE;
        for (JournalEntry entry : chain.subList(0, at)) {
            head = head.next(entry.block());
        }
        SealedBlock lost = network.sealer()
                .seal(
                        head,
                        3,
                        network.keys,
                        network.content(TestNetwork.GENESIS_MILLIS + 40L * at, 2, 100),
                        new byte[0]);
        JournalEntry first = entries.getFirst();
        entries.set(0, new JournalEntry(first.raftTerm(), first.raftIndex(), first.evidenceNonce(), lost));
        return written(name, entries);
    }
}
