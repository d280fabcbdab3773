package coco.governance.cose;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.cose.TestKeys.FileSigner;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random and mutated messages: each is read, or refused as malformed, and what was read is what it came from. */
final class CoseFuzzTest {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 20261126);
    private static final long NANOS = Long.getLong("coco.fuzz.seconds", 1) * 1_000_000_000L;
    private static final byte[] AAD = CoseSign1.externalAad(new byte[32]);
    private static final byte[] HEADS = {
        (byte) 0xd2,
        (byte) 0x84,
        0x58,
        0x59,
        0x5a,
        0x5b,
        0x40,
        (byte) 0xa0,
        (byte) 0xa4,
        (byte) 0x9f,
        (byte) 0xf6,
        0x18,
        0x21,
        0x7f,
        (byte) 0xff,
        0x30
    };

    @Test
    void shouldAnswerWithATypedErrorWhenAMessageIsMutated() {
        FileSigner alice = TestKeys.fresh("alice");
        List<byte[]> seeds = List.of(
                CoseSign1.sign(alice, AAD, CoseSign1.GOVERNANCE_CONTENT, new byte[40])
                        .bytes(),
                CoseSign1.sign(TestKeys.stored("alice", "department"), AAD, "a/b", new byte[0])
                        .bytes());
        SignerEntry own = new SignerEntry(alice.certificate(), null);
        SignerEntry above = new SignerEntry(TestKeys.certificate("organisation"), "digitalSignature");
        Random random = new Random(SEED);
        long end = System.nanoTime() + NANOS;
        int read = 0;
        int tried = 0;
        do {
            byte[] message = mutated(seeds.get(random.nextInt(seeds.size())), random);
            tried++;
            try {
                CoseSign1 decoded = CoseSign1.decode(message);
                read++;
                assertThat(decoded.verify(own, AAD, TestKeys.START)).isNotNull();
                assertThat(decoded.verify(above, AAD, TestKeys.START)).isNotNull();
                Sign1 structure = Sign1.read(message);
                assertThat(Sign1.write(structure.protectedBytes(), structure.payload(), structure.signature()))
                        .as("seed " + SEED + ", message " + tried)
                        .isEqualTo(message);
            } catch (MalformedCoseException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        } while (System.nanoTime() < end);
        assertThat(read).as("of " + tried + " messages").isPositive().isLessThan(tried);
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] message = seed.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(message.length);
            switch (random.nextInt(4)) {
                case 0 -> message[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> message[at] = HEADS[random.nextInt(HEADS.length)];
                case 2 -> message = Arrays.copyOf(message, at + 1);
                default -> {
                    int length = random.nextInt(message.length - at);
                    System.arraycopy(seed, random.nextInt(seed.length - length), message, at, length);
                }
            }
        }
        return message;
    }
}
