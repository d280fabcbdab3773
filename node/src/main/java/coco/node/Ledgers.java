package coco.node;

import coco.governance.Genesis;
import coco.ledgers.api.LedgerFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ledgers of a constitution, in its order, which is that of their ids: the place in this list separates their index
 * keys, so it must be the same at every start.
 */
record Ledgers(List<LedgerFactory> factories, Map<String, byte[]> documents) {
    Ledgers {
        factories = List.copyOf(factories);
        documents = Map.copyOf(documents);
    }

    /** The genesis document of one of these ledgers. */
    byte[] document(String id) {
        byte[] document = documents.get(id);
        if (document == null) {
            throw new IllegalStateException("not a ledger of this network: " + id);
        }
        return document;
    }

    /** The factories, and one more after them: what was indexed of the others stays where it is. */
    List<LedgerFactory> followedBy(LedgerFactory last) {
        if (documents.containsKey(last.id())) {
            throw new NodeException("no ledger of a constitution may be called " + last.id());
        }
        List<LedgerFactory> all = new ArrayList<>(factories);
        all.add(last);
        return all;
    }

    /** The same with the administrative ledger before all others; its document is the whole genesis document. */
    Ledgers administeredBy(Administrator administrator) {
        List<LedgerFactory> all = new ArrayList<>(List.of(administrator.factory()));
        all.addAll(factories);
        return new Ledgers(all, documents(administrator));
    }

    /** The documents of all ledgers, that of the administrative one included. */
    Map<String, byte[]> documents(Administrator administrator) {
        Map<String, byte[]> all = new LinkedHashMap<>(documents);
        all.put(administrator.factory().id(), administrator.document());
        return all;
    }

    /**
     * The ledger that administers a network.
     *
     * @param document its genesis document: that of the whole network
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Administrator(LedgerFactory factory, byte[] document) {}

    /** Finds the factories on the class path. */
    static Ledgers of(Genesis genesis) {
        Map<String, LedgerFactory> found = new TreeMap<>();
        for (LedgerFactory factory : ServiceLoader.load(LedgerFactory.class)) {
            if (found.put(factory.id(), factory) != null) {
                throw new NodeException("two ledgers on the class path are called " + factory.id());
            }
        }
        List<LedgerFactory> factories = new ArrayList<>();
        Map<String, byte[]> documents = new LinkedHashMap<>();
        genesis.ledgers().forEach((id, document) -> {
            @Nullable LedgerFactory factory = found.get(id);
            if (factory == null) {
                throw new NodeException("the constitution names the ledger " + id
                        + ", which is not on the class path; found " + found.keySet());
            }
            factories.add(factory);
            documents.put(id, document.getBytes(StandardCharsets.UTF_8));
        });
        if (factories.size() > NodeLimits.LEDGERS_MAX) {
            throw new NodeException("a node runs at most " + NodeLimits.LEDGERS_MAX + " ledgers");
        }
        return new Ledgers(factories, documents);
    }
}
