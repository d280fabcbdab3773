package coco.ledgers.ethereum.rpc;

import coco.crypto.Keccak256;
import coco.ledgers.ethereum.chain.Genesis;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is asked of the node rather than of its chain: its name, its network, its keys, of which it has none, and its
 * methods.
 */
final class NodeMethods {
    private final Genesis genesis;
    private final String clientVersion;

    NodeMethods(Genesis genesis, String clientVersion) {
        this.genesis = genesis;
        this.clientVersion = clientVersion;
    }

    void register(Map<String, Method> methods) {
        long chainId = genesis.config().chainId();
        methods.put("web3_clientVersion", (exchange, params) -> Answer.text(clientVersion));
        methods.put("web3_sha3", Method.onProcessors((exchange, params) -> {
            return Answer.data(Keccak256.hash(params.bytes(0)));
        }));
        methods.put("net_version", (exchange, params) -> Answer.text(Long.toUnsignedString(chainId)));
        methods.put("net_listening", (exchange, params) -> out -> out.writeBoolean(true));
        // Devp2p is not spoken: replication has connections of its own.
        methods.put("net_peerCount", (exchange, params) -> Answer.quantity(0));
        methods.put("eth_protocolVersion", (exchange, params) -> Answer.quantity(0));
        methods.put("eth_chainId", (exchange, params) -> Answer.quantity(chainId));
        methods.put("eth_syncing", (exchange, params) -> out -> out.writeBoolean(false));
        methods.put(
                "eth_coinbase",
                (exchange, params) -> Answer.text(genesis.beneficiary().hex()));
        methods.put(
                "eth_accounts",
                (exchange, params) -> out -> out.writeStartArray().writeEndArray());
    }

    /**
     * Adds the methods that tell of all others.
     *
     * @param methods what the node has, these two included afterwards
     */
    static void registerDiscovery(Map<String, Method> methods, String clientVersion) {
        Map<String, String> modules = new TreeMap<>();
        methods.put("rpc_modules", (exchange, params) -> out -> out.writePOJO(modules));
        methods.put("rpc.discover", (exchange, params) -> Answer.NULL);
        for (String name : methods.keySet()) {
            if (!OpenRpc.describes(name)) {
                throw new IllegalStateException(name + " is not described");
            }
            modules.put(name.split("[_.]", 2)[0], "1.0");
        }
        String document = OpenRpc.document(
                        clientVersion, name -> methods.containsKey(name) || SubmitMethods.handles(name))
                .toString();
        methods.put("rpc.discover", (exchange, params) -> out -> out.writeRawValue(document));
    }
}
