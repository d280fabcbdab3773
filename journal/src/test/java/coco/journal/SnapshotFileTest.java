package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.journal.testing.FaultyStorage;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SnapshotFileTest {
    private static final long HEIGHT = 4_711;
    private static final byte[] SERVICE = filled(1);
    private static final EpochSecrets EPOCH = new EpochSecrets(SERVICE, 17, filled(2));
    private static final String NAME = SnapshotFile.name(HEIGHT);

    private static final String VECTORS = "docs/specs/vectors/snapshot/values.properties";

    private final Random random = new Random(12);
    private final FaultyStorage files = new FaultyStorage(random);

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private List<byte[]> chunks(int... lengths) {
        List<byte[]> chunks = new ArrayList<>();
        for (int length : lengths) {
            byte[] chunk = new byte[length];
            random.nextBytes(chunk);
            chunks.add(chunk);
        }
        return chunks;
    }

    private byte[] write(List<byte[]> chunks) {
        SnapshotWriter writer = new SnapshotWriter(files, SERVICE, HEIGHT, EPOCH, random);
        chunks.forEach(writer::append);
        return writer.finish();
    }

    private List<byte[]> read(EpochSecrets secrets) throws MalformedException {
        List<byte[]> chunks = new ArrayList<>();
        SnapshotFile file = SnapshotFile.open(files, NAME, SERVICE);
        try (SnapshotFile.Reader reader = file.reader(secrets)) {
            while (reader.hasNext()) {
                chunks.add(reader.next());
            }
            reader.end();
        }
        return chunks;
    }

    private byte[] bytes() {
        try (Storage.File file = files.openForReading(NAME)) {
            byte[] bytes = new byte[(int) file.size()];
            file.read(ByteBuffer.wrap(bytes), 0);
            return bytes;
        }
    }

    private void replace(byte[] bytes) {
        try (Storage.File file = files.open(NAME)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    @Test
    void shouldReadWhatWasWritten() throws MalformedException {
        List<byte[]> chunks = chunks(0, 1, 100, 5_000, 77);
        byte[] root = write(chunks);
        assertThat(read(EPOCH)).containsExactlyElementsOf(chunks);
        SnapshotFile file = SnapshotFile.open(files, NAME, SERVICE);
        assertThat(file.root()).isEqualTo(root);
        assertThat(file.height()).isEqualTo(HEIGHT);
        assertThat(file.epoch()).isEqualTo(17);
        assertThat(file.chunks()).isEqualTo(5);
        assertThat(files.list()).containsExactly(NAME);
    }

    @Test
    void shouldHaveTheSameRootAndOtherBytesWhenWrittenTwice() {
        List<byte[]> chunks = chunks(100, 200);
        byte[] first = write(chunks);
        byte[] one = bytes();
        byte[] second = write(chunks);
        assertThat(second).isEqualTo(first);
        assertThat(bytes()).hasSameSizeAs(one).isNotEqualTo(one);
    }

    @Test
    void shouldHaveAnotherRootWhenContentOrderHeightOrEpochDiffer() {
        List<byte[]> chunks = chunks(100, 200);
        byte[] root = write(chunks);
        assertThat(write(chunks.reversed())).isNotEqualTo(root);
        assertThat(write(chunks.subList(0, 1))).isNotEqualTo(root);
        SnapshotWriter higher = new SnapshotWriter(files, SERVICE, HEIGHT + 1, EPOCH, random);
        chunks.forEach(higher::append);
        assertThat(higher.finish()).isNotEqualTo(root);
        EpochSecrets next = new EpochSecrets(SERVICE, 18, filled(2));
        SnapshotWriter later = new SnapshotWriter(files, SERVICE, HEIGHT, next, random);
        chunks.forEach(later::append);
        assertThat(later.finish()).isNotEqualTo(root);
    }

    @Test
    void shouldShowNoPlaintextWhenWritten() {
        byte[] text = "a needle that nobody must find".getBytes(StandardCharsets.US_ASCII);
        write(List.of(text, text));
        String raw = new String(bytes(), StandardCharsets.ISO_8859_1);
        assertThat(raw).doesNotContain("needle");
    }

    @Test
    void shouldRefuseEveryFileWithOneChangedByte() {
        write(chunks(40, 0, 300));
        byte[] whole = bytes();
        int refused = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            replace(changed);
            assertThatThrownBy(() -> read(EPOCH)).as("byte %d", at).isInstanceOf(MalformedException.class);
            refused++;
        }
        assertThat(refused).isEqualTo(whole.length).isGreaterThan(500);
    }

    @Test
    void shouldRefuseEveryFileThatIsCutOrLonger() {
        write(chunks(40, 300));
        byte[] whole = bytes();
        for (int length = 0; length < whole.length; length++) {
            replace(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(EPOCH)).as("length %d", length).isInstanceOf(MalformedException.class);
        }
        replace(Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> read(EPOCH)).isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldRefuseChunksThatChangedPlaces() {
        write(chunks(50, 50));
        byte[] whole = bytes();
        byte[] swapped = whole.clone();
        int length = 50 + Gcm.TAG_LENGTH;
        System.arraycopy(whole, SnapshotFormat.HEADER_LENGTH, swapped, SnapshotFormat.HEADER_LENGTH + length, length);
        System.arraycopy(whole, SnapshotFormat.HEADER_LENGTH + length, swapped, SnapshotFormat.HEADER_LENGTH, length);
        replace(swapped);
        assertThatThrownBy(() -> read(EPOCH)).hasMessage("chunk 0 is not authentic");
    }

    @Test
    void shouldRefuseForeignFilesInWords() {
        write(chunks(50));
        assertThatThrownBy(() -> SnapshotFile.open(files, NAME, filled(9))).hasMessage("it is of another network");
        files.rename(NAME, SnapshotFile.name(5));
        assertThatThrownBy(() -> SnapshotFile.open(files, SnapshotFile.name(5), SERVICE))
                .hasMessage("it is of height 4711");
        files.rename(SnapshotFile.name(5), NAME);
        EpochSecrets other = new EpochSecrets(SERVICE, 17, filled(3));
        assertThatThrownBy(() -> read(other)).hasMessage("chunk 0 is not authentic");
    }

    /** Vectors that another program made: docs/specs/vectors/snapshot. */
    @Test
    void shouldAgreeWithTheVectors() throws IOException, MalformedException {
        Properties vectors = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(System.getProperty("coco.root", ".."), VECTORS))) {
            vectors.load(in);
        }
        HexFormat hex = HexFormat.of();
        RandomGenerator fixed = new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0x0303_0303_0303_0303L;
            }
        };
        SnapshotWriter writer = new SnapshotWriter(files, SERVICE, HEIGHT, EPOCH, fixed);
        int chunks = 0;
        for (String chunk = vectors.getProperty("chunk.0"); chunk != null; chunks++) {
            writer.append(hex.parseHex(chunk));
            chunk = vectors.getProperty("chunk." + (chunks + 1));
        }
        byte[] root = writer.finish();
        assertThat(chunks).isEqualTo(3);
        assertThat(hex.formatHex(SERVICE)).isEqualTo(vectors.getProperty("service"));
        assertThat(hex.formatHex(EPOCH.snapshotKey())).isEqualTo(vectors.getProperty("snapshotKey"));
        SnapshotFormat.Header header = SnapshotFormat.readHeader(bytes());
        assertThat(hex.formatHex(header.copyId())).isEqualTo(vectors.getProperty("copy"));
        assertThat(hex.formatHex(header.evidenceKey(EPOCH))).isEqualTo(vectors.getProperty("evidenceKey"));
        assertThat(hex.formatHex(header.copyKey(EPOCH).getEncoded())).isEqualTo(vectors.getProperty("copyKey"));
        assertThat(hex.formatHex(root)).isEqualTo(vectors.getProperty("root"));
    }

    @Test
    void shouldTellHeightsFromNames() {
        assertThat(SnapshotFile.name(0)).isEqualTo("00000000000000000000.snapshot");
        assertThat(SnapshotFile.height(SnapshotFile.name(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
        for (String name : List.of(
                "0.snapshot",
                "99999999999999999999.snapshot",
                "0000000000000000000x.snapshot",
                NAME + ".partial",
                NAME + ".quarantined")) {
            assertThat(SnapshotFile.height(name)).as(name).isEqualTo(-1);
        }
    }

    @Test
    void shouldRefuseRandomBytesWithoutEffort() {
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);
            if (bytes.length > SnapshotFormat.FOOTER_END_LENGTH && random.nextBoolean()) {
                byte[] footer = SnapshotFormat.footer(new int[] {random.nextInt(), 5}, 2, filled(1));
                System.arraycopy(footer, 8, bytes, bytes.length - footer.length + 8, footer.length - 8);
            }
            replace(bytes);
            assertThatThrownBy(() -> read(EPOCH)).isInstanceOf(MalformedException.class);
        }
    }
}
