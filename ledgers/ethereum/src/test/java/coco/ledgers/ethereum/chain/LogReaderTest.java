package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Secp256k1;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogReaderTest {
    private static final long SEED = 20_261_126;
    private static final Transaction TRANSACTION = Transaction.builder(Transaction.Type.DYNAMIC_FEE)
            .nonce(7)
            .value(Word.of(1))
            .to(Address.of(9))
            .sign(Secp256k1.fastest(), bytes(new Random(SEED), 32));

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Half of them with leading zeros, which the payload leaves out. */
    private static byte[] topic(Random random) {
        byte[] topic = bytes(random, 32);
        Arrays.fill(topic, 0, random.nextBoolean() ? 0 : random.nextInt(33), (byte) 0);
        return topic;
    }

    private static ExecutedTransaction executed(Random random) {
        List<Log> logs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            List<byte[]> topics = new ArrayList<>();
            for (int j = random.nextInt(5); j > 0; j--) {
                topics.add(topic(random));
            }
            int length = random.nextBoolean() ? 32 * random.nextInt(3) : random.nextInt(80);
            logs.add(new Log(Address.of(bytes(random, Address.SIZE)), topics, bytes(random, length)));
        }
        return new ExecutedTransaction(TRANSACTION, Address.of(random.nextLong()), true, random.nextLong(), logs);
    }

    @Test
    void shouldShowEachLogWhereverItStandsWhenSomeAreNotRead() {
        Random random = new Random(SEED);
        int compared = 0;
        for (int round = 0; round < 2_000; round++) {
            ExecutedTransaction executed = executed(random);
            LogReader reader = new LogReader(executed.encode());
            for (Log log : executed.logs()) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.address()).isEqualTo(log.address());
                assertThat(reader.topicCount()).isEqualTo(log.topics().size());
                assertThat(reader.topics()).usingRecursiveComparison().isEqualTo(log.topics());
                for (int position = 0; position < log.topics().size(); position++) {
                    byte[] found = log.topics().get(position);
                    byte[] other = topic(random);
                    assertThat(reader.compareTopic(position, found)).isZero();
                    assertThat(Integer.signum(reader.compareTopic(position, other)))
                            .as("seed %d round %d", SEED, round)
                            .isEqualTo(Integer.signum(Arrays.compareUnsigned(found, other)));
                    compared++;
                }
                if (random.nextBoolean()) {
                    assertThat(reader.log()).usingRecursiveComparison().isEqualTo(log);
                }
            }
            assertThat(reader.next()).isFalse();
        }
        assertThat(compared).isGreaterThan(2_000);
    }

    @Test
    void shouldReadTheTransactionAloneWhenNothingElseIsAskedFor() {
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            ExecutedTransaction executed = executed(random);
            byte[] payload = executed.encode();
            assertThat(ExecutedTransaction.Signed.decode(payload))
                    .isEqualTo(new ExecutedTransaction.Signed(executed.transaction(), executed.sender()));
            assertThat(ExecutedTransaction.Signed.encoded(payload)).isEqualTo(TRANSACTION.encoded());
        }
    }

    @Test
    void shouldGiveATypedErrorWhenAPayloadIsDamaged() {
        Random random = new Random(SEED);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] payload = executed(random).encode();
            for (int i = random.nextInt(3); i >= 0; i--) {
                payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
            }
            byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(payload, random.nextInt(payload.length)) : payload;
            try {
                for (LogReader reader = new LogReader(damaged); reader.next(); ) {
                    reader.topics();
                    reader.log();
                }
                ExecutedTransaction.Signed.encoded(damaged);
                ExecutedTransaction.Signed.decode(damaged);
            } catch (LedgerException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    @Test
    void shouldRefuseALogOfMoreTopicsThanTheMachineCanWrite() throws Exception {
        RlpWriter out = new RlpWriter().beginList().unsigned(1).unsigned(21_000).beginList();
        out.beginList().string(new byte[Address.SIZE]).beginList();
        for (int i = 0; i < 5; i++) {
            out.unsigned(i + 1);
        }
        byte[] payload =
                out.endList().string(new byte[0]).endList().endList().endList().toBytes();
        RlpReader.check(payload);
        assertThatThrownBy(() -> new LogReader(payload).next()).isInstanceOf(LedgerException.class);
    }
}
