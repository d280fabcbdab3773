package coco.ledgers.ethereum.testing;

import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.ethereum.access.ReaderLists;
import java.util.Arrays;

/** Accounts of tests: key n is 32 times the byte n + 1. */
public final class Keys {
    public static final Secp256k1 CURVE = Secp256k1.fastest();
    public static final long CHAIN_ID = 1337;

    private Keys() {}

    public static byte[] secret(int n) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) (n + 1));
        return secret;
    }

    public static Address address(int n) {
        return Transaction.Builder.addressOf(CURVE, secret(n));
    }

    /** A transfer of 1 wei, free of charge. */
    public static Transaction.Builder transfer(long nonce) {
        return Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .chainId(CHAIN_ID)
                .nonce(nonce)
                .gasLimit(21_000)
                .to(Address.of(0xdead_beefL))
                .value(Word.ONE);
    }

    /** The same with the contract that keeps lists of readers. */
    public static String genesisWithReaders(int accounts) {
        String account = "\"alloc\": {\"%s\": {\"balance\": \"0x0\", \"nonce\": \"0x1\", \"code\": \"%s\"}, "
                .formatted(ReaderLists.ADDRESS.hex(), ReaderLists.CODE);
        return genesis(accounts).replace("\"alloc\": {", account);
    }

    /** A genesis document that gives so many accounts 1000 ether each. */
    public static String genesis(int accounts) {
        StringBuilder alloc = new StringBuilder();
        for (int n = 0; n < accounts; n++) {
            alloc.append(n == 0 ? "" : ",")
                    .append('"')
                    .append(address(n).hex())
                    .append("\":{\"balance\":\"0x3635c9adc5dea00000\"}");
        }
        return """
                {"config": {"chainId": %d}, "gasLimit": "0x5f5e100", "baseFeePerGas": "0x0", "timestamp": "0x6553f100",
                 "alloc": {%s}}
                """.formatted(CHAIN_ID, alloc);
    }
}
