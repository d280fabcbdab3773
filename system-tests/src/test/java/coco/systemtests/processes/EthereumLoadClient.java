package coco.systemtests.processes;

import coco.cli.network.KnownAccounts;
import coco.cli.network.NetworkPlan;
import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.io.IOException;
import java.net.http.HttpResponse;

/**
 * Transfers one wei at a time from one of the well-known accounts. An answer acknowledges if its header says that the
 * transaction is committed, or if it is the receipt; everything else leads to another try.
 */
final class EthereumLoadClient implements LoadClient {
    /** Whom all clients pay. */
    static final Address RECIPIENT = Address.of(0xc0c0);

    private static final long TRANSFER_GAS = 21_000;
    private static final Secp256k1 CURVE = Secp256k1.fastest();

    private final KnownAccounts.Account account;
    private long nonce;
    private Transaction transaction;

    /** @param account which of the well-known accounts; no other client may use it */
    EthereumLoadClient(int account) {
        this.account = KnownAccounts.ALL.get(account);
        this.transaction = sign();
    }

    private Transaction sign() {
        return Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .chainId(NetworkPlan.DEFAULT_CHAIN_ID)
                .nonce(nonce)
                .gasLimit(TRANSFER_GAS)
                .to(RECIPIENT)
                .value(Word.ONE)
                .sign(CURVE, Hex.decode(account.privateKey().substring(2)));
    }

    String address() {
        return account.address();
    }

    @Override
    public Acknowledged current() {
        return new Acknowledged(Acknowledged.ETHEREUM, Hex.encode(transaction.hash()));
    }

    @Override
    public boolean attempt(ProcessNetwork network, int node) throws IOException, InterruptedException {
        HttpResponse<byte[]> reply =
                network.call(node, "eth_sendRawTransaction", "0x" + Hex.encode(transaction.encoded()));
        if (reply.headers()
                .firstValue("Coco-Transaction-Status")
                .filter("committed"::equals)
                .isPresent()) {
            return true;
        }
        // Refused, perhaps because an earlier try was committed and nobody lived to say so: then there is a receipt.
        return network.result(node, "eth_getTransactionReceipt", "0x" + Hex.encode(transaction.hash()))
                .isObject();
    }

    @Override
    public void advance() {
        nonce++;
        transaction = sign();
    }
}
