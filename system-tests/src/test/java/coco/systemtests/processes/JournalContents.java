package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.simulated.ClassPathMeasurement;
import coco.attestation.simulated.SimulatedPlatform;
import coco.cli.network.NetworkFolder;
import coco.consensus.LogPosition;
import coco.core.GenesisBlock;
import coco.core.Keyring;
import coco.core.Secrets;
import coco.core.ServiceMaps;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.governance.Genesis;
import coco.governance.document.DocumentException;
import coco.journal.BlockOpener;
import coco.journal.ChainHead;
import coco.journal.Entry;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.OpenResult;
import coco.journal.ReadResult;
import coco.journal.SealerDirectory;
import coco.journal.Section;
import coco.journal.ServiceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lies in a node's journal on disk: a copy of the files, opened with the node's own keys while the node does not
 * run, each block checked as the node itself would. No node is asked.
 *
 * @param blocks by height, from genesis on
 */
record JournalContents(List<Block> blocks) {
    /**
     * One block.
     *
     * @param hash of its header, hexadecimal
     * @param position of its entry in the Raft log; before the first one for genesis
     * @param transactions in the block's order
     */
    record Block(long height, String hash, LogPosition position, List<Acknowledged> transactions) {}

    JournalContents {
        blocks = List.copyOf(blocks);
    }

    /**
     * Reads the journal of a node that does not run.
     *
     * @param scratch a folder that is not there yet, for the copy
     */
    static JournalContents read(NetworkFolder network, int node, Path scratch) throws IOException {
        DiskImage.copy(network.node(node).resolve("journal"), scratch);
        X509Certificate service = Certificates.fromPem(Files.readString(network.serviceCertificate()));
        byte[] serviceId = serviceId(network, service);
        switch (Journal.open(new FileStorage(scratch), serviceId, JournalLimits.DEFAULT)) {
            case Journal.Opening.Refused(String words) -> throw new AssertionError("node " + node + ": " + words);
            case Journal.Opening.Ready(Journal journal, var report) -> {
                try (journal) {
                    return read(journal, serviceId, wrappingKey(network, node), node);
                } catch (MalformedException e) {
                    throw new AssertionError("node " + node, e);
                }
            }
        }
    }

    private static byte[] serviceId(NetworkFolder network, X509Certificate service) throws IOException {
        try {
            byte[] document =
                    Genesis.parse(Files.readAllBytes(network.genesis())).bytes();
            return ServiceId.of(document, service.getPublicKey());
        } catch (DocumentException e) {
            throw new AssertionError(e);
        }
    }

    /** The key to which genesis encrypted the epoch's secrets for this node, from the node's own sealed file. */
    private static PrivateKey wrappingKey(NetworkFolder network, int node) throws IOException {
        // The same class path as the nodes', hence the same measurement, hence the same sealing.
        byte[] measurement =
                ClassPathMeasurement.of(ClassPathMeasurement.entries(System.getProperty("java.class.path", "")));
        SimulatedPlatform platform =
                SimulatedPlatform.open(network.sealingKey(node), network.node(node), measurement, new SecureRandom());
        byte[] sealed = Files.readAllBytes(network.keys(node).resolve("wrapping.key.sealed"));
        byte[] pem = Optional.ofNullable(platform.sealing().unseal("coco wrapping.key.sealed of node-" + node, sealed))
                .orElseThrow();
        return Certificates.privateKeyFromPem(new String(pem, StandardCharsets.US_ASCII));
    }

    private static JournalContents read(Journal journal, byte[] serviceId, PrivateKey wrapping, int node)
            throws MalformedException {
        SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();
        JournalEntry genesis = entry(journal, 0, node);
        sealers.apply(0, new ServiceMaps().read(0, genesis.block().publicWrites()));
        Secrets secrets = GenesisBlock.open(genesis.block(), serviceId, "node-" + node, wrapping)
                .orElseThrow();
        Keyring keys = secrets.keyring();
        BlockOpener opener = new BlockOpener(serviceId, keys, sealers, JournalLimits.DEFAULT);
        List<Block> blocks = new ArrayList<>();
        ChainHead head = ChainHead.NONE;
        for (long height = 0; height <= journal.lastHeight(); height++) {
            JournalEntry entry = entry(journal, height, node);
            switch (opener.open(entry.block(), head)) {
                case OpenResult.Opened opened ->
                    blocks.add(block(height, entry, opened.content().sections()));
                case OpenResult.Refusal refusal ->
                    throw new AssertionError("block " + height + " of node " + node + ": " + refusal);
            }
            if (height > 0) {
                sealers.apply(
                        height, new ServiceMaps().read(height, entry.block().publicWrites()));
                keys.addWhatBrings(entry.block(), serviceId, "node-" + node, wrapping);
            }
            head = head.next(entry.block());
        }
        return new JournalContents(blocks);
    }

    private static JournalEntry entry(Journal journal, long height, int node) {
        ReadResult result = journal.read(height);
        if (result instanceof ReadResult.Found(JournalEntry entry)) {
            return entry;
        }
        throw new AssertionError("no block " + height + " in the journal of node " + node + ": " + result);
    }

    private static Block block(long height, JournalEntry entry, List<Section> sections) {
        List<Acknowledged> transactions = new ArrayList<>();
        for (Section section : sections) {
            for (Entry transaction : section.entries()) {
                transactions.add(new Acknowledged(section.ledger(), Hex.encode(transaction.id())));
            }
        }
        return new Block(
                height,
                Hex.encode(entry.block().headerHash()),
                new LogPosition(entry.raftTerm(), entry.raftIndex()),
                List.copyOf(transactions));
    }

    /** The block that holds a transaction, or null. */
    @Nullable
    Block holding(Acknowledged transaction) {
        for (Block block : blocks) {
            if (block.transactions().contains(transaction)) {
                return block;
            }
        }
        return null;
    }

    List<String> hashes() {
        return blocks.stream().map(Block::hash).toList();
    }

    /** How many transactions of one ledger there are. */
    long count(String ledger) {
        return blocks.stream()
                .flatMap(block -> block.transactions().stream())
                .filter(transaction -> transaction.ledger().equals(ledger))
                .count();
    }

    /** Fails unless each of these is here, and nothing at all is here twice. */
    void assertHoldsOnce(Set<Acknowledged> acknowledged, String whose) {
        Map<Acknowledged, Integer> times = new HashMap<>();
        blocks.forEach(block -> block.transactions().forEach(each -> times.merge(each, 1, Integer::sum)));
        assertThat(acknowledged.stream().filter(each -> !times.containsKey(each)))
                .as("acknowledged, not in the journal of %s", whose)
                .isEmpty();
        assertThat(times.entrySet().stream().filter(each -> each.getValue() != 1))
                .as("more than once in the journal of %s", whose)
                .isEmpty();
    }

    /**
     * Stops the network and fails unless the journals of all nodes hold the same blocks, and everything acknowledged
     * once.
     *
     * @return what they hold
     */
    static JournalContents assertSound(ProcessNetwork network, Set<Acknowledged> acknowledged, Path scratch)
            throws IOException {
        network.awaitLevel();
        network.stopAll();
        List<JournalContents> journals = new ArrayList<>();
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            JournalContents journal = read(network.local().folder(), node, scratch.resolve("journal-" + node));
            journal.assertHoldsOnce(acknowledged, "node " + node);
            journals.add(journal);
        }
        for (JournalContents journal : journals) {
            assertThat(journal.hashes()).isEqualTo(journals.getFirst().hashes());
        }
        return journals.getFirst();
    }
}
