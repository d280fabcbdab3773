package coco.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.evm.types.Transaction;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EthereumBatchesTest {
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    private static final long CHAIN_ID = 1337;

    private final TransactionSigner signer = new TransactionSigner(CURVE, CHAIN_ID);
    private final BenchAccounts accounts = BenchAccounts.derive(7, 0, 10, CURVE);

    @Test
    void shouldSignWhatADecoderTakesForTheSendersTransaction() throws Exception {
        byte[] data = BenchToken.transfer(accounts.address(3), 5);

        Transaction transaction =
                Transaction.decode(signer.sign(accounts.secret(2), 9, 80_000, accounts.address(1), 4, data));

        assertThat(transaction.sender(CURVE)).asString().isEqualTo("0x" + Hex.encode(accounts.address(2)));
        assertThat(transaction.nonce()).isEqualTo(9);
        assertThat(transaction.gasLimit()).isEqualTo(80_000);
        assertThat(transaction.chainId()).isEqualTo(CHAIN_ID);
        assertThat(transaction.to()).asString().isEqualTo("0x" + Hex.encode(accounts.address(1)));
        assertThat(transaction.data()).isEqualTo(data);
    }

    @Test
    void shouldCreateAContractWhenThereIsNoRecipient() throws Exception {
        byte[] raw = signer.sign(accounts.secret(0), 0, 2_000_000, new byte[0], 0, BenchToken.creationCode());

        assertThat(Transaction.decode(raw).to()).isNull();
    }

    @Test
    void shouldKeepASenderOnOneConnectionWithNoncesInOrder() {
        Map<Integer, Integer> nextNonce = new HashMap<>();
        EthereumBatches.Transfer recorder = (sender, nonce, recipient) -> {
            assertThat(recipient).isBetween(0, 9);
            return new byte[] {(byte) sender, (byte) nonce};
        };

        EthereumBatches batches = EthereumBatches.sign(10, recorder, 100, 3, 4, 1);

        int total = 0;
        for (int connection = 0; connection < 3; connection++) {
            for (int batch = 0; batch < batches.batches(connection); batch++) {
                for (byte[] sent : batches.sent(connection, batch)) {
                    assertThat(sent[0] % 3).isEqualTo(connection);
                    assertThat((int) sent[1]).isEqualTo(nextNonce.merge((int) sent[0], 1, Integer::sum) - 1);
                    total++;
                }
            }
        }
        assertThat(total).isEqualTo(102);
        assertThat(nextNonce).hasSize(10);
    }

    @Test
    void shouldCountResultsAndNotErrorsWhenJudgingAReply() {
        EthereumBatches batches = EthereumBatches.sign(10, (s, n, r) -> new byte[1], 10, 1, 5, 1);
        byte[] reply = "[{\"id\":1,\"result\":\"0x1\"},{\"id\":2,\"error\":{\"code\":1}},{\"id\":3,\"result\":\"0x2\"}]"
                .getBytes(StandardCharsets.US_ASCII);

        assertThat(batches.accepted(reply, reply.length, 3)).isEqualTo(2);
        assertThat(batches.accepted(reply, 10, 3)).isZero();
    }

    @Test
    void shouldEncodeCallsAsTheContractAbiSays() {
        assertThat(Hex.encode(BenchToken.transfer(Hex.decode("11".repeat(20)), 258)))
                .isEqualTo("a9059cbb" + "00".repeat(12) + "11".repeat(20) + "00".repeat(30) + "0102");
        assertThat(Hex.encode(BenchToken.fill(Hex.decode("22".repeat(40)), BigInteger.ONE)))
                .isEqualTo("e27c550a" + "00".repeat(31) + "40" + "00".repeat(31) + "01" + "00".repeat(31) + "28"
                        + "22".repeat(40) + "00".repeat(24));
    }

    @Test
    void shouldDeriveTheSameAccountsWhenSeedIsTheSame() {
        assertThat(BenchAccounts.derive(7, 0, 5, CURVE).addresses(0, 5)).isEqualTo(accounts.addresses(0, 5));
        assertThat(BenchAccounts.derive(8, 0, 5, CURVE).address(0)).isNotEqualTo(accounts.address(0));
        assertThat(BenchAccounts.derive(7, 31, 5, CURVE).address(0))
                .as("a second run on the same network")
                .isNotEqualTo(accounts.address(0));
    }
}
