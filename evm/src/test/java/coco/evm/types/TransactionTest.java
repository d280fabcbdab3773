package coco.evm.types;

import static coco.evm.testing.Archives.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Secp256k1;
import coco.evm.testing.Archives;
import coco.evm.transition.IntrinsicGas;
import coco.evm.transition.TransactionMessage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TransactionTest {
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    private static final byte[] SECRET = hex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
    private static final Address SENDER = Address.fromHex("f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    private static final Word MAX_GAS_PRODUCT = Word.of(0, 0, 0, 1L << 62).times(4);

    private static final Map<String, Fork> FORKS = Map.ofEntries(
            Map.entry("Frontier", Fork.FRONTIER),
            Map.entry("Homestead", Fork.HOMESTEAD),
            Map.entry("EIP150", Fork.TANGERINE_WHISTLE),
            Map.entry("EIP158", Fork.SPURIOUS_DRAGON),
            Map.entry("Byzantium", Fork.BYZANTIUM),
            Map.entry("Constantinople", Fork.CONSTANTINOPLE),
            Map.entry("ConstantinopleFix", Fork.PETERSBURG),
            Map.entry("Istanbul", Fork.ISTANBUL),
            Map.entry("Berlin", Fork.BERLIN),
            Map.entry("London", Fork.LONDON),
            Map.entry("Paris", Fork.PARIS),
            Map.entry("Shanghai", Fork.SHANGHAI),
            Map.entry("Cancun", Fork.CANCUN),
            Map.entry("Prague", Fork.PRAGUE),
            Map.entry("Osaka", Fork.OSAKA));

    @Test
    void shouldAgreeWithEveryOfficialTransactionTest() {
        int checked = 0;
        for (var file : Archives.files("TransactionTests/").entrySet()) {
            for (var test : file.getValue().properties()) {
                byte[] encoded = hex(test.getValue().get("txbytes").asString());
                for (var result : test.getValue().get("result").properties()) {
                    Fork fork = Objects.requireNonNull(FORKS.get(result.getKey()), result.getKey());
                    check(test.getKey() + " in " + fork, encoded, fork, result.getValue());
                    checked++;
                }
            }
        }
        assertThat(checked).isEqualTo(2_309);
    }

    private static void check(String name, byte[] encoded, Fork fork, JsonNode expected) {
        Transaction transaction = validIn(encoded, fork);
        if (expected.has("exception")) {
            assertThat(transaction).as(name).isNull();
            return;
        }
        assertThat(transaction).as(name).isNotNull();
        if (transaction != null) {
            Address sender = transaction.sender(CURVE, fork.has(Fork.HOMESTEAD));
            assertThat(sender)
                    .as(name)
                    .isEqualTo(Address.fromHex(expected.get("sender").asString()));
            assertThat(intrinsicGas(transaction, fork))
                    .as(name)
                    .isEqualTo(Word.fromHex(expected.get("intrinsicGas").asString())
                            .toLongSaturated());
            assertThat(hex(transaction.hash()))
                    .as(name)
                    .isEqualTo(expected.get("hash").asString());
        }
    }

    /** The rules of a fork that concern the transaction alone, written plainly; null if one is broken. */
    private static @Nullable Transaction validIn(byte[] encoded, Fork fork) {
        Transaction transaction;
        try {
            transaction = Transaction.decode(encoded);
        } catch (MalformedException e) {
            return null;
        }
        boolean typeKnown = switch (transaction.type()) {
            case LEGACY -> !transaction.replayProtected() || fork.has(Fork.SPURIOUS_DRAGON);
            case ACCESS_LIST -> fork.has(Fork.BERLIN);
            case DYNAMIC_FEE -> fork.has(Fork.LONDON);
            case BLOB -> fork.has(Fork.CANCUN);
            case SET_CODE -> fork.has(Fork.PRAGUE);
        };
        boolean chainFits = !transaction.replayProtected() || transaction.chainId() == 1;
        boolean feesFit = transaction.maxPriorityFeePerGas().compareTo(transaction.maxFeePerGas()) <= 0
                && transaction
                                .maxFeePerGas()
                                .toBigInteger()
                                .multiply(Word.of(transaction.gasLimit()).toBigInteger())
                                .bitLength()
                        <= 256;
        boolean valid = typeKnown
                && chainFits
                && feesFit
                && transaction.nonce() != -1
                && transaction.sender(CURVE, fork.has(Fork.HOMESTEAD)) != null
                && Long.compareUnsigned(transaction.gasLimit(), intrinsicGas(transaction, fork)) >= 0
                && (!fork.has(Fork.SHANGHAI) || transaction.to() != null || transaction.data().length <= 49_152);
        return valid ? transaction : null;
    }

    /** As the state transition counts it, the floor of EIP-7623 included. */
    private static long intrinsicGas(Transaction transaction, Fork fork) {
        TransactionMessage message = TransactionMessage.of(transaction, SENDER);
        return Math.max(IntrinsicGas.of(message, fork), IntrinsicGas.floor(message, fork));
    }

    @Test
    void shouldDecodeWhatItSignedWhenEveryFieldIsSet() throws MalformedException {
        for (Transaction transaction : samples()) {
            Transaction decoded = Transaction.decode(transaction.encoded());
            assertThat(decoded).isEqualTo(transaction);
            assertThat(decoded.sender(CURVE)).isEqualTo(SENDER);
            assertThat(decoded.signingHash()).isEqualTo(transaction.signingHash());
            assertThat(decoded.accessList()).isEqualTo(transaction.accessList());
            assertThat(decoded.authorizations()).isEqualTo(transaction.authorizations());
            assertThat(decoded.chainId()).isEqualTo(transaction.chainId());
            assertThat(decoded.v()).isEqualTo(transaction.v());
        }
    }

    @Test
    void shouldRecoverTheAuthorityOnlyWhenItsSignatureIsLow() {
        Authorization unsigned = new Authorization(Word.of(1337), SENDER, 7, 0, Word.ONE, Word.ONE);
        Secp256k1.Signature signature = CURVE.sign(unsigned.signingHash(), SECRET);
        Word r = Word.ofBytes32(signature.rs(), 0);
        Word s = Word.ofBytes32(signature.rs(), 32);
        int parity = signature.recoveryId();
        assertThat(new Authorization(Word.of(1337), SENDER, 7, parity, r, s).authority(CURVE))
                .isEqualTo(SENDER);
        Word order = Word.fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        assertThat(new Authorization(Word.of(1337), SENDER, 7, 1 - parity, r, order.minus(s)).authority(CURVE))
                .isNull();
        assertThat(new Authorization(Word.of(1337), SENDER, 7, 2, r, s).authority(CURVE))
                .isNull();
    }

    @Test
    void shouldPayTheLesserOfFeesWhenBaseFeeLeavesLittleRoom() {
        Transaction transaction = Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .fees(Word.of(2), Word.of(10))
                .signed(0, Word.ONE, Word.ONE);
        assertThat(transaction.effectiveGasPrice(Word.of(5))).isEqualTo(Word.of(7));
        assertThat(transaction.effectiveGasPrice(Word.of(9))).isEqualTo(Word.of(10));
        assertThat(transaction.effectiveGasPrice(Word.ZERO)).isEqualTo(Word.of(2));
    }

    @Test
    void shouldRefuseWhatGethRefusesWithItsWords() {
        assertThatThrownBy(() -> Transaction.decode(new byte[0])).hasMessage("typed transaction too short");
        assertThatThrownBy(() -> Transaction.decode(new byte[] {2})).hasMessage("typed transaction too short");
        assertThatThrownBy(() -> Transaction.decode(new byte[] {9, (byte) 0xc0}))
                .hasMessage("transaction type not supported");
    }

    @Test
    void shouldRefuseOrReencodeWhenBytesAreMutated() {
        Random random = new Random(4_844);
        List<Transaction> samples = samples();
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = samples.get(random.nextInt(samples.size())).encoded().clone();
            int flips = 1 + random.nextInt(3);
            for (int flip = 0; flip < flips; flip++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Transaction decoded = Transaction.decode(bytes);
                accepted++;
                assertThat(rebuilt(decoded).encoded()).as("round %d", i).isEqualTo(bytes);
            } catch (MalformedException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
        assertThat(accepted).isPositive();
    }

    private static Transaction rebuilt(Transaction from) {
        Transaction.Builder fields = Transaction.builder(from.type())
                .nonce(from.nonce())
                .fees(from.maxPriorityFeePerGas(), from.maxFeePerGas())
                .gasLimit(from.gasLimit())
                .to(from.to())
                .value(from.value())
                .data(from.data())
                .accessList(from.accessList())
                .blobs(from.maxFeePerBlobGas(), from.blobHashes())
                .authorizations(from.authorizations());
        if (from.replayProtected()) {
            fields.chainId(from.chainId());
        }
        return fields.signed(from.yParity(), from.r(), from.s());
    }

    private static List<Transaction> samples() {
        List<AccessListEntry> accessList = List.of(
                new AccessListEntry(SENDER, List.of()),
                new AccessListEntry(Address.of(9), List.of(Word.ONE, Word.MAX)));
        Authorization tuple = new Authorization(Word.of(1), Address.of(77), 3, 1, MAX_GAS_PRODUCT, Word.of(5));
        return List.of(
                sample(Transaction.Type.LEGACY).sign(CURVE, SECRET),
                sample(Transaction.Type.LEGACY).chainId(1337).to(null).sign(CURVE, SECRET),
                sample(Transaction.Type.ACCESS_LIST)
                        .chainId(1)
                        .accessList(accessList)
                        .sign(CURVE, SECRET),
                sample(Transaction.Type.DYNAMIC_FEE)
                        .chainId(-1)
                        .fees(Word.of(1), Word.of(300))
                        .accessList(accessList)
                        .sign(CURVE, SECRET),
                sample(Transaction.Type.BLOB)
                        .chainId(5)
                        .blobs(Word.of(9), List.of(new byte[32]))
                        .sign(CURVE, SECRET),
                sample(Transaction.Type.SET_CODE)
                        .chainId(1)
                        .authorizations(List.of(tuple))
                        .sign(CURVE, SECRET));
    }

    private static Transaction.Builder sample(Transaction.Type type) {
        return Transaction.builder(type)
                .nonce(128)
                .gasPrice(Word.of(1_000_000_007))
                .gasLimit(90_000)
                .to(Address.of(4))
                .value(Word.of(0, 1, 2, 3))
                .data(new byte[] {1, 2, 3, 0});
    }
}
