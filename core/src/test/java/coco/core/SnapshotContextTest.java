package coco.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.P256;
import coco.journal.ChainHead;
import coco.journal.LogFrontier;
import coco.journal.MalformedException;
import coco.journal.SealerDirectory;
import coco.journal.testing.FaultyStorage;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotContextTest {
    private final Random random = new Random(8);

    private byte[] digest() {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return digest;
    }

    private SnapshotContext context(int height) {
        LogFrontier log = LogFrontier.EMPTY;
        for (int i = 0; i <= height; i++) {
            log = log.append(digest());
        }
        return new SnapshotContext(
                new ChainHead(height, digest(), 1_800_000_000, 7, 2, log),
                1_700_000_000,
                new SealerDirectory.Tracked().encode(),
                List.of(digest(), digest()),
                List.of(digest()),
                List.of(
                        new SnapshotContext.MapChunks("service.genesis", 2, 1),
                        new SnapshotContext.MapChunks("ethereum.accounts", 1L << 40, 200),
                        new SnapshotContext.MapChunks("empty", 0, 0)));
    }

    @Test
    void shouldReadWhatWasWritten() throws MalformedException {
        for (int height : new int[] {0, 1, 6, 127, 1000}) {
            SnapshotContext context = context(height);
            SnapshotContext read = SnapshotContext.decode(context.encode());
            assertThat(read.encode()).isEqualTo(context.encode());
            assertThat(read.maps()).isEqualTo(context.maps());
            assertThat(read.head().log().root()).isEqualTo(context.head().log().root());
        }
    }

    @Test
    void shouldGoOnAsTheLogDidWhenTheEdgeIsReadBack() throws MalformedException {
        LogFrontier log = LogFrontier.EMPTY;
        for (int i = 0; i < 300; i++) {
            byte[] leaf = digest();
            assertThat(LogFrontier.decode(log.encode()).append(leaf).root())
                    .isEqualTo(log.append(leaf).root());
            log = log.append(leaf);
        }
    }

    @Test
    void shouldRefuseOrReadTheSameWhenBytesAreChanged() {
        byte[] whole = context(1000).encode();
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] changed =
                    random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (changed.length == whole.length) {
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(SnapshotContext.decode(changed).encode()).isEqualTo(changed);
            } catch (MalformedException malformed) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 4_999);
    }

    @Test
    void shouldRefuseSealersThatAreCutOrLonger() throws MalformedException {
        byte[] none = new SealerDirectory.Tracked().encode();
        assertThat(SealerDirectory.Tracked.decode(none).encode()).isEqualTo(none);
        for (int length = 0; length < none.length; length++) {
            byte[] cut = Arrays.copyOf(none, length);
            assertThatThrownBy(() -> SealerDirectory.Tracked.decode(cut)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> SealerDirectory.Tracked.decode(Arrays.copyOf(none, none.length + 1)))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldTakeOnlyItsOwnManifest() {
        FaultyStorage files = new FaultyStorage(random);
        KeyPair own = P256.generate(new SecureRandom());
        byte[] service = digest();
        byte[] key = SnapshotManifest.key(service, own.getPrivate());
        SnapshotManifest manifest = new SnapshotManifest(5, digest(), 9, digest());
        manifest.write(files, "5", key);
        SnapshotManifest read = Objects.requireNonNull(SnapshotManifest.read(files, "5", key));
        assertThat(read.height()).isEqualTo(5);
        assertThat(read.evidenceHeight()).isEqualTo(9);
        assertThat(read.root()).isEqualTo(manifest.root());
        assertThat(read.evidenceHash()).isEqualTo(manifest.evidenceHash());
        byte[] others =
                SnapshotManifest.key(service, P256.generate(new SecureRandom()).getPrivate());
        assertThat(SnapshotManifest.read(files, "5", others)).isNull();
        byte[] whole = new byte[124];
        try (var file = files.openForReading("5.manifest")) {
            assertThat(file.size()).isEqualTo(whole.length);
            file.read(ByteBuffer.wrap(whole), 0);
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            try (var file = files.open("5.manifest")) {
                file.write(ByteBuffer.wrap(changed), 0);
            }
            assertThat(SnapshotManifest.read(files, "5", key)).as("byte %d", at).isNull();
        }
    }
}
