package coco.cli.bench;

import coco.cli.console.CliException;
import coco.cli.network.KnownAccounts;
import coco.crypto.Hex;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;

/** Deploys the token and gives every account something to send. */
final class EthereumSetup {
    /** Half of the most that Osaka allows one transaction (EIP-7825), so that two always fit where one does. */
    private static final long FILL_GAS = 8_000_000;
    /** A fresh storage slot is 22,100 gas; calldata, keccak and the loop come on top. */
    private static final long TOKEN_GAS_PER_ACCOUNT = 25_000;
    /** A call with value that creates an account is 36,600 gas. */
    private static final long ETHER_GAS_PER_ACCOUNT = 40_000;

    private static final long CREATION_GAS = 2_000_000;
    /** What every account gets: more than it can send in one run. */
    private static final BigInteger TOKENS = BigInteger.TEN.pow(24);

    private static final long WEI = 1_000_000_000_000L;
    /** Transactions under way at a time; a pool takes 64 or so of one sender. */
    private static final int OUTSTANDING_MAX = 16;

    private final Chain chain;
    private final TransactionSigner signer;
    private final byte[] founderKey;
    private final Deque<String> outstanding = new ArrayDeque<>();
    private long nonce;

    EthereumSetup(Chain chain, TransactionSigner signer) {
        this.chain = chain;
        this.signer = signer;
        KnownAccounts.Account founder = KnownAccounts.ALL.getFirst();
        this.founderKey = Hex.decode(founder.privateKey().substring(2));
        this.nonce = chain.nonce(Hex.decode(founder.address().substring(2)));
    }

    /** How many transactions the founder has sent, which no two runs on one network find alike. */
    long generation() {
        return nonce;
    }

    /** Returns the address of the contract, 20 bytes. */
    byte[] deploy() {
        JsonNode receipt = chain.sendAndAwait(
                signer.sign(founderKey, nonce++, CREATION_GAS, new byte[0], 0, BenchToken.creationCode()));
        requireSuccess(receipt);
        return Hex.decode(receipt.get("contractAddress").asString().substring(2));
    }

    /** Gives every account tokens. */
    void fillTokens(byte[] token, BenchAccounts accounts, IntConsumer progress) {
        fill(token, accounts, (int) (FILL_GAS / TOKEN_GAS_PER_ACCOUNT), TOKENS, 0, progress);
    }

    /** Gives every account ether. */
    void fillEther(byte[] token, BenchAccounts accounts, IntConsumer progress) {
        fill(token, accounts, (int) (FILL_GAS / ETHER_GAS_PER_ACCOUNT), BigInteger.ZERO, WEI, progress);
    }

    private void fill(
            byte[] token, BenchAccounts accounts, int step, BigInteger tokens, long weiEach, IntConsumer progress) {
        for (int from = 0; from < accounts.count(); from += step) {
            int to = Math.min(from + step, accounts.count());
            byte[] data = BenchToken.fill(accounts.addresses(from, to), tokens);
            outstanding.add(chain.send(signer.sign(founderKey, nonce++, FILL_GAS, token, weiEach * (to - from), data)));
            if (outstanding.size() >= OUTSTANDING_MAX) {
                requireSuccess(chain.awaitReceipt(outstanding.remove()));
            }
            progress.accept(to);
        }
        while (!outstanding.isEmpty()) {
            requireSuccess(chain.awaitReceipt(outstanding.remove()));
        }
    }

    private static void requireSuccess(JsonNode receipt) {
        if (Chain.quantity(receipt.get("status")) != 1) {
            throw new CliException(
                    "a transaction that prepares the benchmark failed: " + receipt.get("transactionHash"),
                    "The chain's rules may be older than Osaka; run without --dir for a network of its own.");
        }
    }
}
