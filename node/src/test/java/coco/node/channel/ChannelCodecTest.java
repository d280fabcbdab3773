package coco.node.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.core.NodeChannel.Verdicts;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChannelCodecTest {
    private static final ChannelLimits LIMITS = ChannelLimits.DEFAULT;

    @Test
    void shouldReadBackOffersAsTheyWereWritten() throws Exception {
        byte[] id = new byte[32];
        Arrays.fill(id, (byte) 7);
        List<Offer> offers =
                List.of(new Offer("ethereum", id, new byte[] {1, 2, 3}), new Offer("kv", new byte[32], new byte[0]));

        ChannelCodec.Offers read = ChannelCodec.decodeOffers(ChannelCodec.encodeOffers(offers, true), LIMITS);

        assertThat(read.again()).isTrue();
        assertThat(read.offers()).usingRecursiveComparison().isEqualTo(offers);
    }

    @Test
    void shouldReadBackVerdictsAsTheyWereWritten() throws Exception {
        Verdicts verdicts = new Verdicts(
                42, List.of(Verdict.ACCEPTED, Verdict.QUEUED, Verdict.rejected(-32_000, "nonce too low: ü")));

        assertThat(ChannelCodec.decodeVerdicts(ChannelCodec.encodeVerdicts(verdicts), LIMITS))
                .isEqualTo(verdicts);
    }

    @Test
    void shouldCutRejectionsThatAreTooLong() throws Exception {
        Verdicts verdicts = new Verdicts(0, List.of(Verdict.rejected(1, "x".repeat(5000))));

        Verdict read = ChannelCodec.decodeVerdicts(ChannelCodec.encodeVerdicts(verdicts), LIMITS)
                .verdicts()
                .getFirst();

        assertThat(read).isEqualTo(Verdict.rejected(1, "x".repeat(ChannelLimits.REJECTION_BYTES_MAX)));
    }

    @Test
    void shouldReadBackQuestionsAsTheyWereWritten() throws Exception {
        ChannelCodec.Question read =
                ChannelCodec.decodeQuestion(ChannelCodec.encodeQuestion("ethereum", new byte[] {9, 8}));

        assertThat(read.ledger()).isEqualTo("ethereum");
        assertThat(read.question()).containsExactly(9, 8);
    }

    @Test
    void shouldRefuseCountsAndLengthsBeyondTheMessage() {
        byte[] manyOffers = {1, 0, 0x7f, -1, -1, -1};
        byte[] longPayload = ChannelCodec.encodeOffers(List.of(new Offer("kv", new byte[32], new byte[4])), false);
        longPayload[longPayload.length - 8] = 0x7f;

        assertThatThrownBy(() -> ChannelCodec.decodeOffers(manyOffers, LIMITS))
                .isInstanceOf(ChannelCodec.Malformed.class);
        assertThatThrownBy(() -> ChannelCodec.decodeOffers(longPayload, LIMITS))
                .isInstanceOf(ChannelCodec.Malformed.class);
        assertThatThrownBy(() -> ChannelCodec.decodeOffers(new byte[] {2, 0, 0, 0, 0, 0}, LIMITS))
                .hasMessageContaining("version 2");
    }

    @Test
    void shouldRefuseRejectionsThatAreTooLong() {
        byte[] verdicts = new byte[13 + 1 + 4 + 2 + 2_000];
        verdicts[0] = 1;
        verdicts[12] = 1;
        verdicts[13] = 2;
        verdicts[18] = (byte) (2_000 >> 8);
        verdicts[19] = (byte) 2_000;

        assertThatThrownBy(() -> ChannelCodec.decodeVerdicts(verdicts, LIMITS))
                .isInstanceOf(ChannelCodec.Malformed.class)
                .hasMessage("a rejection of 2000 bytes is too long");
    }

    @Test
    void shouldGiveOnlyTypedErrorsWhenInputIsRandomOrMutated() {
        long seed = 20_261_123L;
        Random random = new Random(seed);
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            offers.add(new Offer("kv", new byte[32], new byte[random.nextInt(40)]));
        }
        byte[] good = ChannelCodec.encodeOffers(offers, false);
        byte[] verdicts = ChannelCodec.encodeVerdicts(new Verdicts(3, List.of(Verdict.rejected(1, "no"))));
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = (i % 2 == 0 ? good : verdicts).clone();
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            byte[] input = random.nextInt(3) == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length + 10)) : bad;
            String round = "seed " + seed + " round " + i;
            assertTyped(round, () -> {
                ChannelCodec.Question question = ChannelCodec.decodeQuestion(input);
                assertThat(ChannelCodec.encodeQuestion(question.ledger(), question.question()))
                        .as(round)
                        .isEqualTo(input);
            });
            assertTyped(round, () -> {
                ChannelCodec.Offers read = ChannelCodec.decodeOffers(input, LIMITS);
                assertThat(ChannelCodec.encodeOffers(read.offers(), read.again()))
                        .as(round)
                        .isEqualTo(input);
            });
            assertTyped(round, () -> ChannelCodec.decodeVerdicts(input, LIMITS));
            assertTyped(round, () -> ChannelCodec.decodeClockQuestion(input));
            assertTyped(
                    round,
                    () -> assertThat(ChannelCodec.encodeClock(ChannelCodec.decodeClock(input)))
                            .as(round)
                            .isEqualTo(input));
            assertTyped(
                    round,
                    () -> assertThat(ChannelCodec.encodeSpace(ChannelCodec.decodeSpace(input)))
                            .as(round)
                            .isEqualTo(input));
        }
    }

    @FunctionalInterface
    private interface Decoding {
        void run() throws ChannelCodec.Malformed;
    }

    private static void assertTyped(String round, Decoding decoding) {
        try {
            decoding.run();
        } catch (ChannelCodec.Malformed typed) {
            assertThat(typed).as(round).hasMessageNotContaining("Exception");
        }
    }
}
