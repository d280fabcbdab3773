package coco.node.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.core.SnapshotExchange;
import coco.node.channel.ChannelCodec.Malformed;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TransferCodecTest {
    private static final byte[] NONCE = nonce();

    @Test
    void shouldReadBackChallengesAndProofsAsTheyWereWritten() throws Malformed {
        Evidence evidence = new Evidence(Platform.SIMULATED, new byte[] {1, 2, 3});

        TransferCodec.Proof proof = TransferCodec.decodeProof(TransferCodec.encodeProof(NONCE, evidence));

        assertThat(TransferCodec.decodeChallenge(TransferCodec.encodeChallenge(NONCE)))
                .isEqualTo(NONCE);
        assertThat(proof.nonce()).isEqualTo(NONCE);
        assertThat(proof.evidence()).isEqualTo(evidence);
    }

    @Test
    void shouldReadBackRangesAsTheyWereWritten() throws Malformed {
        TransferCodec.RangeRequest request = new TransferCodec.RangeRequest(42, 7);
        JournalRange none = new JournalRange(41, List.of());

        assertThat(TransferCodec.decodeRangeRequest(TransferCodec.encodeRangeRequest(request)))
                .isEqualTo(request);
        assertThat(TransferCodec.decodeRange(TransferCodec.encodeRange(none))).isEqualTo(none);
    }

    @Test
    void shouldReadBackPiecesOfSnapshotsAsTheyWereWritten() throws Malformed {
        TransferCodec.PieceRequest request =
                new TransferCodec.PieceRequest(SnapshotExchange.NEWEST, SnapshotExchange.FRAME);
        SnapshotExchange.Piece piece = new SnapshotExchange.Piece(7, 9, new byte[] {1, 2, 3});

        assertThat(TransferCodec.decodePieceRequest(TransferCodec.encodePieceRequest(request)))
                .isEqualTo(request);
        assertThat(TransferCodec.decodePiece(TransferCodec.encodePiece(null))).isEmpty();
        SnapshotExchange.Piece read =
                TransferCodec.decodePiece(TransferCodec.encodePiece(piece)).orElseThrow();
        assertThat(read.height()).isEqualTo(7);
        assertThat(read.evidenceHeight()).isEqualTo(9);
        assertThat(read.bytes()).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> TransferCodec.decodePiece(
                        TransferCodec.encodePiece(new SnapshotExchange.Piece(9, 9, new byte[1]))))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> TransferCodec.decodePieceRequest(
                        TransferCodec.encodePieceRequest(new TransferCodec.PieceRequest(-2, 0))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void shouldRefuseCountsAndLengthsBeyondTheMessage() {
        byte[] many = TransferCodec.encodeRange(new JournalRange(1, List.of()));
        many[9] = 0x7f;
        byte[] noEvidence = Arrays.copyOf(TransferCodec.encodeChallenge(NONCE), 33);
        byte[] noBlock = Arrays.copyOf(TransferCodec.encodeRange(new JournalRange(1, List.of())), 13 + 52 + 4);
        noBlock[12] = 1;
        noBlock[13 + 51] = 4;

        assertThatThrownBy(() -> TransferCodec.decodeRange(many)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> TransferCodec.decodeProof(noEvidence)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> TransferCodec.decodeRange(noBlock)).hasMessageContaining("no sealed block");
        assertThatThrownBy(() -> TransferCodec.decodeRangeRequest(
                        TransferCodec.encodeRangeRequest(new TransferCodec.RangeRequest(-1, 0))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void shouldAnswerOnlyMalformedWhateverComes() {
        Random random = new Random(5);
        byte[][] seeds = {
            TransferCodec.encodeChallenge(NONCE),
            TransferCodec.encodeProof(NONCE, new Evidence(Platform.TDX, new byte[200])),
            TransferCodec.encodeRangeRequest(new TransferCodec.RangeRequest(3, 4)),
            TransferCodec.encodeRange(new JournalRange(9, List.of())),
            TransferCodec.encodePieceRequest(new TransferCodec.PieceRequest(8, 3)),
            TransferCodec.encodePiece(new SnapshotExchange.Piece(8, 9, new byte[100]))
        };
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] message = Arrays.copyOf(seeds[i % seeds.length], random.nextInt(300));
            for (int flips = random.nextInt(4); flips > 0 && message.length > 0; flips--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            refused += refusals(message);
        }
        assertThat(refused).isBetween(40_000, 120_000);
    }

    private static int refusals(byte[] message) {
        List<Decoding> decodings = List.of(
                TransferCodec::decodeChallenge,
                TransferCodec::decodeProof,
                TransferCodec::decodeRangeRequest,
                TransferCodec::decodeRange,
                TransferCodec::decodePieceRequest,
                TransferCodec::decodePiece);
        int refused = 0;
        for (Decoding decoding : decodings) {
            try {
                assertThat(decoding.decode(message)).isNotNull();
            } catch (Malformed malformed) {
                refused++;
            }
        }
        return refused;
    }

    @Test
    void shouldTakeAChallengeOnceAndNotForLong() {
        long[] now = {0};
        Challenges challenges = new Challenges(new SecureRandom(), () -> now[0]);
        byte[] first = challenges.draw("node-4");
        byte[] second = challenges.draw("node-4");

        assertThat(challenges.redeem("node-4", first)).as("replaced").isFalse();
        assertThat(challenges.redeem("node-4", second))
                .as("used up by a wrong answer")
                .isFalse();
        byte[] third = challenges.draw("node-4");
        assertThat(challenges.redeem("node-5", third)).isFalse();
        assertThat(challenges.redeem("node-4", third)).isTrue();
        assertThat(challenges.redeem("node-4", third)).isFalse();
        byte[] late = challenges.draw("node-4");
        now[0] = ChannelLimits.CHALLENGE_LIFE.toNanos();
        assertThat(challenges.redeem("node-4", late)).isFalse();
    }

    @FunctionalInterface
    private interface Decoding {
        Object decode(byte[] message) throws Malformed;
    }

    private static byte[] nonce() {
        byte[] nonce = new byte[32];
        new Random(1).nextBytes(nonce);
        return nonce;
    }
}
