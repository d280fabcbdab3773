package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coco.consensus.ConsensusException;
import coco.consensus.ConsensusException.Code;
import coco.consensus.ratis.TornLogCheck.Finding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TornLogCheckTest {
    private static final int ENTRY_BYTES_MAX = 1 << 20;
    private static final int PREALLOCATED = 4_096;

    @TempDir
    private Path directory = Path.of("");

    /** A log file as Ratis writes it, with the offset of every entry. */
    private static final class LogFile {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> offsets = new ArrayList<>();
        private long index;

        LogFile(long firstIndex) {
            index = firstIndex;
            bytes.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        }

        LogFile entry(int payloadBytes) {
            byte[] payload = new byte[payloadBytes];
            Arrays.fill(payload, (byte) 0xA5);
            LogEntryProto entry = LogEntryProto.newBuilder()
                    .setTerm(3)
                    .setIndex(index++)
                    .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                            .setClientId(ByteString.copyFrom(new byte[16]))
                            .setCallId(index)
                            .setLogData(ByteString.copyFrom(payload)))
                    .build();
            offsets.add(bytes.size());
            ByteArrayOutputStream framed = new ByteArrayOutputStream();
            try {
                entry.writeDelimitedTo(framed);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            CRC32C checksum = new CRC32C();
            checksum.update(framed.toByteArray());
            bytes.writeBytes(framed.toByteArray());
            bytes.writeBytes(
                    ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
            return this;
        }

        int offset(int entry) {
            return offsets.get(entry);
        }

        /** With the zeros of preallocation behind the entries. */
        byte[] padded() {
            return Arrays.copyOf(bytes.toByteArray(), bytes.size() + PREALLOCATED);
        }

        int end() {
            return bytes.size();
        }
    }

    private Path write(byte[] content) throws IOException {
        Path file = directory.resolve("log_inprogress_10");
        Files.write(file, content);
        return file;
    }

    private static Finding inspect(byte[] content) {
        return TornLogCheck.inspect(Path.of("log_inprogress_10"), content, ENTRY_BYTES_MAX);
    }

    private static LogFile threeEntries() {
        return new LogFile(10).entry(300).entry(5_000).entry(700);
    }

    @Test
    void shouldFindAWholeFileSound() throws IOException {
        LogFile log = threeEntries();
        assertThat(inspect(log.padded()))
                .isInstanceOfSatisfying(
                        Finding.Sound.class, it -> assertThat(it.entries()).isEqualTo(3));
        assertThat(inspect(Arrays.copyOf(log.padded(), log.end()))).isInstanceOf(Finding.Sound.class);
    }

    @Test
    void shouldFindAFileSoundWhenOnlyItsHeaderOrLessWasWritten() throws IOException {
        for (int length = 0; length <= 8; length++) {
            byte[] content = Arrays.copyOf(new LogFile(10).padded(), length);
            assertThat(inspect(content)).as("%d bytes", length).isInstanceOf(Finding.Sound.class);
            assertThat(inspect(Arrays.copyOf(content, 500))).isInstanceOf(Finding.Sound.class);
        }
    }

    @Test
    void shouldCutWhenTheLastEntryWasWrittenUpToAnyByte() throws IOException {
        LogFile log = threeEntries();
        int last = log.offset(2);
        for (int written = last + 1; written < log.end(); written++) {
            byte[] torn = log.padded();
            Arrays.fill(torn, written, torn.length, (byte) 0);
            // Bytes that are zero by themselves move the tear, nothing else.
            assertThat(inspect(torn)).as("written up to %d", written).isInstanceOfSatisfying(Finding.Cut.class, cut -> {
                assertThat(cut.offset()).isEqualTo(last);
                assertThat(cut.entries()).isEqualTo(2);
            });
        }
    }

    @Test
    void shouldCutWhenTheFileEndsWithinTheLastEntry() throws IOException {
        LogFile log = threeEntries();
        for (int length = log.offset(2) + 1; length < log.end(); length++) {
            assertThat(inspect(Arrays.copyOf(log.padded(), length)))
                    .as("%d bytes", length)
                    .isInstanceOf(Finding.Cut.class);
        }
    }

    @Test
    void shouldCutTheFileItselfWhenRepairing() throws IOException {
        LogFile log = threeEntries();
        byte[] torn = log.padded();
        Arrays.fill(torn, log.end() - 100, torn.length, (byte) 0);
        Path file = write(torn);
        assertThat(TornLogCheck.repair(directory, ENTRY_BYTES_MAX, -1))
                .singleElement()
                .isInstanceOf(Finding.Cut.class);
        assertThat(Files.size(file)).isEqualTo(log.offset(2));
        assertThat(TornLogCheck.repair(directory, ENTRY_BYTES_MAX, -1))
                .singleElement()
                .isInstanceOf(Finding.Sound.class);
    }

    @Test
    void shouldRemoveTheFileWhenTheJournalHoldsMoreThanIsLeft() throws IOException {
        LogFile log = threeEntries();
        byte[] torn = log.padded();
        Arrays.fill(torn, log.end() - 100, torn.length, (byte) 0);
        long last = log.index - 1;
        Path file = write(torn);
        assertThat(TornLogCheck.repair(directory, ENTRY_BYTES_MAX, last - 1))
                .singleElement()
                .isInstanceOf(Finding.Cut.class);
        assertThat(file).exists();
        assertThat(TornLogCheck.repair(directory, ENTRY_BYTES_MAX, last))
                .containsExactly(new Finding.Overtaken(file, last - 1));
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldRefuseAndChangeNothingWhenAnyByteBeforeTheLastEntryIsWrong() throws IOException {
        LogFile log = threeEntries();
        for (int at = 0; at < log.offset(2); at++) {
            for (int bit : new int[] {0, 3, 7}) {
                byte[] damaged = log.padded();
                damaged[at] ^= (byte) (1 << bit);
                // Acknowledged entries follow: cutting here would lose them.
                assertThat(inspect(damaged)).as("byte %d, bit %d", at, bit).isInstanceOf(Finding.Damaged.class);
            }
        }
        byte[] damaged = log.padded();
        damaged[log.offset(1) + 50] ^= 1;
        Path file = write(damaged);
        assertThatExceptionOfType(ConsensusException.class)
                .isThrownBy(() -> TornLogCheck.repair(directory, ENTRY_BYTES_MAX, -1))
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.LOG_DAMAGED));
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }

    @Test
    void shouldRefuseWhenALengthWouldSwallowAllThatFollows() throws IOException {
        LogFile log = threeEntries();
        byte[] damaged = log.padded();
        // The second entry now seems to reach into the padding: it is the last, and ends in zeros.
        int at = log.offset(1);
        damaged[at] = (byte) 0xD0;
        damaged[at + 1] = (byte) 0x36;
        assertThat(inspect(damaged)).isInstanceOf(Finding.Damaged.class);
    }

    @Test
    void shouldRefuseWhenTheLastEntryWasWrittenToItsEndAndIsWrong() throws IOException {
        LogFile log = threeEntries();
        for (int at = log.offset(2) + 12; at < log.end() - 1; at += 7) {
            byte[] damaged = log.padded();
            damaged[at] ^= 0x10;
            assertThat(inspect(damaged)).as("byte %d", at).isInstanceOf(Finding.Damaged.class);
        }
    }

    @Test
    void shouldRefuseWhenSomethingFollowsATornEntry() throws IOException {
        LogFile log = threeEntries();
        byte[] torn = log.padded();
        Arrays.fill(torn, log.end() - 200, log.end(), (byte) 0);
        torn[log.end() + 1_000] = 1;
        assertThat(inspect(torn)).isInstanceOf(Finding.Damaged.class);
    }

    @Test
    void shouldRefuseWhenAnIndexIsMissing() throws IOException {
        LogFile log = new LogFile(10).entry(100);
        log.index++;
        log.entry(100).entry(100);
        assertThat(inspect(log.padded())).isInstanceOf(Finding.Damaged.class);
    }

    @Test
    void shouldAnswerAndNeverThrowWhenTheFileIsRandom() throws IOException {
        long seed = 20_261_123;
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] content = random.nextBoolean() ? threeEntries().padded() : new byte[random.nextInt(2_000)];
            for (int i = random.nextInt(1, 20); i > 0 && content.length > 0; i--) {
                content[random.nextInt(content.length)] = (byte) random.nextInt();
            }
            Finding finding = inspect(Arrays.copyOf(content, random.nextInt(content.length + 1)));
            assertThat(finding).as("seed %d round %d", seed, round).isNotNull();
        }
    }

    @Test
    void shouldRefuseWhenAFileNameIsNotALogs() throws IOException {
        Files.write(directory.resolve("log_inprogress_x"), new byte[10]);
        assertThatExceptionOfType(ConsensusException.class)
                .isThrownBy(() -> TornLogCheck.repair(directory, ENTRY_BYTES_MAX, -1))
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.LOG_DAMAGED));
    }
}
