package coco.core;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.BlockSealer;
import coco.journal.ChainHead;
import coco.journal.Electorate;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.Recovery;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerEndorsement;
import coco.journal.SealerIdentity;
import coco.journal.SealingKeys;
import coco.journal.ServiceIdentity;
import coco.kv.Cursor;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerBlock;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first block after a majority of nodes was lost. It is sealed by the one node with which the service goes on,
 * under the epoch and the generation that it brings itself: what came before is out of its reach. No log carries it;
 * the log of the nodes to come begins behind it. What it decides beside secrets is the administrative ledger's.
 */
public final class RecoveryBlock {
    private RecoveryBlock() {}

    /**
     * What it is made from.
     *
     * @param serviceId of the network
     * @param before what the journal says in public
     * @param node with which the service goes on
     * @param signing its block-signing key
     * @param service the new generation's identity, without an endorsement
     * @param serviceKey its key
     * @param recovery to whom the new epoch is dealt
     * @param electorate who recovers the network the next time: {@link Administration#electorate}
     * @param administrative id of the administrative ledger
     * @param decision what that ledger decides in this block
     * @param decisionMaps that ledger's maps
     * @param timestampMillis not before that of the last block
     */
    public record Ingredients(
            byte[] serviceId,
            PublicState before,
            Roster.Node node,
            PrivateKey signing,
            ServiceIdentity service,
            PrivateKey serviceKey,
            Recovery recovery,
            byte[] electorate,
            String administrative,
            LedgerBlock decision,
            List<MapSpec> decisionMaps,
            long timestampMillis) {
        /** Copies the list. */
        public Ingredients {
            decisionMaps = List.copyOf(decisionMaps);
        }
    }

    /**
     * The block, and what the node has to keep before anything of it is written.
     *
     * @param entry for the journal
     * @param epoch that it brings
     * @param generation that it brings
     */
    public record Made(JournalEntry entry, EpochSecrets epoch, Generation generation) {}

    /** The certificate of a new generation's key: of the same name, and valid for as long, as the one before. */
    public static X509Certificate successor(X509Certificate before, KeyPair key, Instant from, SecureRandom random) {
        Duration life = Duration.between(
                before.getNotBefore().toInstant(), before.getNotAfter().toInstant());
        return Certificates.renewed(before, key, from, from.plus(life), random);
    }

    /** The block in a payload of a lost group's log; nothing if it carries none that could follow a journal. */
    public static Optional<SealedBlock> logged(byte[] payload) {
        if (!Payload.isBlock(payload)) {
            return Optional.empty();
        }
        try {
            return Optional.of(SealedBlock.parse(Payload.body(payload)));
        } catch (MalformedException none) {
            return Optional.empty();
        }
    }

    /** A key for a new generation. */
    public static KeyPair drawServiceKey(SecureRandom random) {
        return P256.generate(random);
    }

    /** Makes it, drawing the secrets of its epoch and the evidence key of its generation. */
    public static Made make(Ingredients from, SecureRandom random) {
        ChainHead head = from.before().head();
        long height = head.height() + 1;
        int number = from.service().generation();
        EpochSecrets epoch = new EpochSecrets(from.serviceId(), height, Wraps.draw(random));
        Generation generation =
                new Generation(number, new EvidenceKey(from.serviceId(), Wraps.draw(random)), from.serviceKey());
        WriteSet own = publicWrites(from, new Wraps.Brought(epoch, generation), height, random);
        byte[] publicWrites = PublicWrites.join(List.of(from.decision()), own, from.decisionMaps());
        BlockSealer sealer = new BlockSealer(
                new SealerIdentity(
                        from.serviceId(), SealerChange.digest(from.node().certificate()), from.signing()),
                random,
                JournalLimits.DEFAULT);
        EvidenceKey evidence = Invariant.present(generation.evidence(), "it was just drawn");
        SealedBlock block = sealer.seal(
                head,
                head.term() + 1,
                new SealingKeys(epoch, number, evidence),
                LedgerBlocks.content(from.timestampMillis(), Map.of(from.administrative(), from.decision())),
                publicWrites);
        byte[] nonce = Invariant.present(
                Secrets.opener(from.serviceId(), generation).evidenceNonce(block), "the evidence key was just made");
        return new Made(new JournalEntry(0, -1, nonce, block), epoch, generation);
    }

    private static WriteSet publicWrites(Ingredients from, Wraps.Brought brought, long height, SecureRandom random) {
        Reader state = from.before().state();
        Transaction writes = new Transaction(state);
        for (MapSpec map : List.of(ServiceMaps.SEALERS, ServiceMaps.EPOCHS)) {
            Cursor old = state.scanPrefix(map, new byte[0]);
            while (old.next()) {
                writes.remove(map, old.key());
            }
        }
        Roster.Node node = from.node();
        writes.put(
                ServiceMaps.IDENTITIES,
                ServiceMaps.identityKey(from.service().generation()),
                ServiceMaps.identityValue(from.service()));
        SealerEndorsement endorsement = SealerEndorsement.of(
                from.serviceId(), from.service().generation(), height, node.certificate(), from.serviceKey());
        writes.put(
                ServiceMaps.SEALERS,
                SealerChange.digest(node.certificate()),
                ServiceMaps.sealerValue(node.certificate(), endorsement));
        writes.put(
                ServiceMaps.ELECTORATE,
                ServiceMaps.identityKey(from.service().generation()),
                Electorate.of(
                                from.serviceId(),
                                from.service().generation(),
                                height,
                                from.electorate(),
                                from.serviceKey())
                        .value());
        writes.put(
                ServiceMaps.EPOCHS,
                Wraps.key(height, node.id()),
                Wraps.seal(brought, from.serviceId(), node.id(), node.wrappingKey(), random));
        // Members hold shares of all epochs before; the new one is dealt like any other.
        Sharing.write(writes, state, from.recovery(), from.recovery(), brought.epoch(), List::of, random);
        return writes.writes();
    }
}
