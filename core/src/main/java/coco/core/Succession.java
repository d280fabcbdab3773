package coco.core;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.ChainHead;
import coco.journal.Electorate;
import coco.journal.EpochSecrets;
import coco.journal.EpochShares;
import coco.journal.EvidenceKey;
import coco.journal.MalformedException;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.Recovery;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerDirectory;
import coco.journal.SealerEndorsement;
import coco.journal.ServiceIdentity;
import coco.kv.Cursor;
import coco.kv.Draft;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From one block to the next: epochs, generations and sealers. The leader decides once, when it builds a block
 * ({@link #decide}), and writes what it decided into the block's public part; every node, the leader too, takes it from
 * there when the block is committed ({@link #take}), and checks that it is what the rosters before and after demand.
 * Nothing is drawn but by the leader. Core thread only.
 *
 * <p>A change of nodes or of those who recover, a new generation, a rollover that was demanded, or the policy makes a
 * new epoch, of which members are dealt shares ({@link Sharing}); a generation that grew makes a new service key and
 * evidence key, endorsed by the key before. Secrets are encrypted to the nodes of the roster <em>after</em> the block
 * alone, and used from the next block on: who was removed by it cannot read what follows.
 */
final class Succession {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    /** Clocks of those who look at a new certificate may be behind by this much. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    private final byte[] serviceId;
    private final Administration administration;
    private final Keyring keys;
    private final SealerDirectory.Tracked sealers;
    private final Self self;
    private final CoreLimits limits;
    private final ServiceMaps maps = new ServiceMaps();
    /** The epoch of which it was written last that none can follow; -1 for none. */
    private long postponedEpoch = -1;

    /**
     * This node among the nodes.
     *
     * @param certificateDigest of its certificate
     * @param wrappingKey to which secrets are encrypted for it
     * @param random where it draws secrets from when it leads
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Self(byte[] certificateDigest, PrivateKey wrappingKey, SecureRandom random) {}

    /**
     * What a block decides beside its transactions.
     *
     * @param after what is in force from the next block on
     * @param writes to the service's maps
     */
    record Decision(InForce after, WriteSet writes) implements Ruling {}

    /** What is decided of a block. */
    sealed interface Ruling {
        /** There must be no such block: it demands an epoch, whose secrets a majority may not have. */
        record Denied() implements Ruling {}

        /** It changes who recovers the service, and there are more epochs to deal again than a record can hold. */
        record TooManyEpochs() implements Ruling {}
    }

    Succession(
            byte[] serviceId,
            Administration administration,
            Keyring keys,
            SealerDirectory.Tracked sealers,
            Self self,
            CoreLimits limits) {
        this.serviceId = serviceId.clone();
        this.administration = administration;
        this.keys = keys;
        this.sealers = sealers;
        this.self = self;
        this.limits = limits;
    }

    // ---------------------------------------------------------------- leading

    /**
     * Decides what follows from the block being built.
     *
     * @param before what the block is built and sealed under
     * @param draft the state after the block's transactions; the service's writes are added to it
     * @param administrative whether the block has administrative transactions
     * @return the decision, or why there must be no such block. An epoch that the policy alone would end goes on
     *     instead, so that members can still mend it
     */
    Ruling decide(InForce before, Draft draft, long height, long timestampSeconds, boolean administrative) {
        Roster roster = administrative ? administration.roster(draft) : before.roster();
        boolean isDemanded = administrative && demandsEpoch(before.roster(), roster);
        if (!isDemanded && !isOver(before, height, timestampSeconds)) {
            return sameEpoch(before, roster, draft, height, administrative);
        }
        Set<String> quarantined = administration.quarantined(draft, height);
        if (isMajorityLost(roster, quarantined)) {
            postpone(before, "a majority of the nodes is trusted no longer, " + quarantined);
            return isDemanded ? new Ruling.Denied() : sameEpoch(before, roster, draft, height, administrative);
        }
        List<EpochSecrets> unapplied = new ArrayList<>(before.unapplied());
        unapplied.removeIf(each -> keys.epoch(each.epoch()) != null);
        int older = keys.epochsBefore(height) + unapplied.size();
        if (!isDemanded && older >= CoreLimits.EPOCHS_BY_POLICY) {
            postpone(before, "there have been " + older + ", and the rest is left to changes that demand one");
            return sameEpoch(before, roster, draft, height, administrative);
        }
        if (older > EpochShares.EPOCHS_MAX
                && roster.recovery().isConfigured()
                && !roster.recovery().equals(before.roster().recovery())) {
            return new Ruling.TooManyEpochs();
        }
        Transaction writes = new Transaction(draft);
        Generation generation = before.generation();
        X509Certificate serviceCertificate = before.serviceCertificate();
        boolean isNewGeneration = roster.generation() > before.roster().generation();
        if (isNewGeneration) {
            KeyPair key = P256.generate(self.random());
            serviceCertificate = successor(before, key, timestampSeconds);
            generation = new Generation(
                    roster.generation(), new EvidenceKey(serviceId, Wraps.draw(self.random())), key.getPrivate());
            identify(writes, before.generation(), roster.generation(), height, serviceCertificate);
        }
        EpochSecrets epoch = new EpochSecrets(serviceId, height, Wraps.draw(self.random()));
        wrap(
                writes,
                draft,
                new Wraps.Brought(epoch, isNewGeneration ? generation : null),
                roster.nodes().stream()
                        .filter(node -> !quarantined.contains(node.id()))
                        .toList());
        changeSealers(writes, before.roster(), roster, generation, height);
        Sharing.write(
                writes,
                draft,
                before.roster().recovery(),
                roster.recovery(),
                epoch,
                () -> older(height, unapplied),
                self.random());
        unapplied.add(epoch);
        if (administrative || isNewGeneration) {
            vouch(writes, draft, generation, height);
        }
        WriteSet own = writes.writes();
        draft.apply(own);
        InForce after = new InForce(
                roster,
                isListed(roster),
                roster.limits().within(limits),
                epoch,
                timestampSeconds,
                generation,
                serviceCertificate,
                unapplied);
        return new Decision(after, own);
    }

    /** Says so once for each epoch that goes on longer than it should. */
    private void postpone(InForce before, String why) {
        if (postponedEpoch != before.epoch().epoch()) {
            postponedEpoch = before.epoch().epoch();
            LOG.error("no new epoch can begin: {}", why);
        }
    }

    private Decision sameEpoch(InForce before, Roster roster, Draft draft, long height, boolean administrative) {
        Transaction writes = new Transaction(draft);
        if (administrative) {
            vouch(writes, draft, before.generation(), height);
        }
        WriteSet own = writes.writes();
        draft.apply(own);
        return new Decision(administrative ? succeed(before, roster) : before, own);
    }

    /** Who gets no secrets of an epoch halts at its first block: too many of them, and no block follows. */
    private boolean isMajorityLost(Roster roster, Set<String> quarantined) {
        if (quarantined.isEmpty()) {
            return false;
        }
        Set<String> nodes = roster.nodes().stream().map(Roster.Node::id).collect(Collectors.toSet());
        Set<String> voters = administration.voters();
        Set<String> counted = voters.isEmpty() ? nodes : voters;
        long trusted = counted.stream()
                .filter(id -> nodes.contains(id) && !quarantined.contains(id))
                .count();
        return 2 * trusted <= counted.size();
    }

    /** The generation's word for the members who recover the service, as far as it has not been given. */
    private void vouch(Transaction writes, Reader state, Generation generation, long height) {
        byte[] document = administration.electorate(state);
        Electorate known = ServiceMaps.electorate(state, generation.number());
        if (document != null && (known == null || !Arrays.equals(known.document(), document))) {
            PrivateKey key = Invariant.present(generation.serviceKey(), "a leader has its generation's service key");
            Electorate electorate = Electorate.of(serviceId, generation.number(), height, document, key);
            writes.put(ServiceMaps.ELECTORATE, ServiceMaps.identityKey(generation.number()), electorate.value());
        }
    }

    /** Every node judges whom the leader vouched for. */
    private void checkElectorate(SealedBlock block, Reader state, int generation, X509Certificate service) {
        long height = block.header().height();
        Electorate written = ServiceMaps.electorate(state, generation);
        if (written != null && written.height() == height) {
            Invariant.check(
                    Arrays.equals(written.document(), administration.electorate(state))
                            && written.isBy(service.getPublicKey(), serviceId),
                    "the service vouches for the members who recover it, and for no others",
                    height);
        }
    }

    /** What a block at this height can deal again: all epochs before, also those of blocks in flight. */
    private List<SealRoot> older(long height, List<EpochSecrets> unapplied) {
        List<SealRoot> older = new ArrayList<>(keys.sealRootsBefore(height));
        unapplied.forEach(each -> older.add(each.sealRoot()));
        return older;
    }

    private static boolean demandsEpoch(Roster before, Roster after) {
        return after.generation() > before.generation()
                || after.rollovers() > before.rollovers()
                || !after.recovery().equals(before.recovery())
                || !new HashSet<>(after.nodes()).equals(new HashSet<>(before.nodes()));
    }

    /** Whether the policy ends the epoch with this block. */
    private static boolean isOver(InForce before, long height, long timestampSeconds) {
        Roster.EpochPolicy policy = before.roster().policy();
        long epoch = before.epoch().epoch();
        long blocks = epoch == 0 ? height + 1 : height - epoch;
        long age = timestampSeconds - before.epochSinceSeconds();
        return (policy.maxBlocks() > 0 && blocks >= policy.maxBlocks())
                || (policy.maxAgeSeconds() > 0 && age >= policy.maxAgeSeconds());
    }

    private InForce succeed(InForce before, Roster roster) {
        return new InForce(
                roster,
                isListed(roster),
                roster.limits().within(limits),
                before.epoch(),
                before.epochSinceSeconds(),
                before.generation(),
                before.serviceCertificate(),
                before.unapplied());
    }

    private boolean isListed(Roster roster) {
        return administration.ledger() == null || roster.byCertificate(self.certificateDigest()) != null;
    }

    /** The service's certificate under its new key; it is valid for as long as the one before. */
    private X509Certificate successor(InForce before, KeyPair key, long timestampSeconds) {
        X509Certificate old = before.serviceCertificate();
        Duration life = Duration.between(
                old.getNotBefore().toInstant(), old.getNotAfter().toInstant());
        Instant from = Instant.ofEpochSecond(timestampSeconds).minus(CLOCK_TOLERANCE);
        return Certificates.renewed(old, key, from, from.plus(life), self.random());
    }

    private void identify(
            Transaction writes, Generation before, int generation, long height, X509Certificate certificate) {
        PrivateKey key = Invariant.present(before.serviceKey(), "a leader has the service key of its generation");
        byte[] endorsement = ServiceIdentity.endorse(serviceId, generation, height, certificate.getPublicKey(), key);
        ServiceIdentity identity = new ServiceIdentity(generation, height, certificate, endorsement);
        writes.put(ServiceMaps.IDENTITIES, ServiceMaps.identityKey(generation), ServiceMaps.identityValue(identity));
    }

    /** The new secrets for each node; those of the epoch before, which the journal keeps, leave the state. */
    private void wrap(Transaction writes, Reader state, Wraps.Brought brought, List<Roster.Node> nodes) {
        Cursor old = state.scanPrefix(ServiceMaps.EPOCHS, new byte[0]);
        while (old.next()) {
            writes.remove(ServiceMaps.EPOCHS, old.key());
        }
        for (Roster.Node node : nodes) {
            writes.put(
                    ServiceMaps.EPOCHS,
                    Wraps.key(brought.epoch().epoch(), node.id()),
                    Wraps.seal(brought, serviceId, node.id(), node.wrappingKey(), self.random()));
        }
    }

    /** Newcomers are endorsed by the generation in force after the block; a new one endorses all that stay. */
    private void changeSealers(Transaction writes, Roster before, Roster after, Generation generation, long height) {
        Set<String> kept = new HashSet<>();
        for (Roster.Node node : after.nodes()) {
            X509Certificate certificate = node.certificate();
            kept.add(name(certificate));
            if (after.generation() > before.generation()
                    || before.byCertificate(SealerChange.digest(certificate)) == null) {
                PrivateKey key =
                        Invariant.present(generation.serviceKey(), "a leader has its generation's service key");
                SealerEndorsement endorsement =
                        SealerEndorsement.of(serviceId, generation.number(), height, certificate, key);
                writes.put(
                        ServiceMaps.SEALERS,
                        SealerChange.digest(certificate),
                        ServiceMaps.sealerValue(certificate, endorsement));
            }
        }
        for (Roster.Node node : before.nodes()) {
            if (!kept.contains(name(node.certificate()))) {
                writes.remove(ServiceMaps.SEALERS, SealerChange.digest(node.certificate()));
            }
        }
    }

    private static String name(X509Certificate certificate) {
        return HexFormat.of().formatHex(SealerChange.digest(certificate));
    }

    // ---------------------------------------------------------------- recovery

    /**
     * Prepares for the first block of a recovery, which is sealed under what it brings; for any other it does nothing.
     * Such a block comes by no log: whoever put it into the journal has judged the ballots of members in it.
     */
    void recover(SealedBlock block) {
        if (block.publicWritesLength() > PublicWrites.NONE.length) {
            PublicFacts facts = facts(block);
            if (facts.recovers()) {
                sealers.recover(block.header().height(), facts);
            }
        }
    }

    private boolean isRecovered(PublicFacts facts, long height) {
        ServiceIdentity identity = facts.identity();
        return identity != null && facts.recovers() && sealers.generationAt(height) == identity.generation();
    }

    // ---------------------------------------------------------------- following

    /** Who seals the first block is said by that block itself. */
    void begin(SealedBlock genesis) {
        sealers.apply(0, facts(genesis));
    }

    /**
     * Takes from a committed block what it changes.
     *
     * @param before what it was sealed under; null for genesis
     * @param state after it
     * @param administrative whether it has administrative transactions
     * @return what is in force from the next block on
     */
    InForce take(@Nullable InForce before, SealedBlock block, Reader state, boolean administrative) {
        if (before == null) {
            return first(block, state);
        }
        boolean isPublic = block.publicWritesLength() > PublicWrites.NONE.length;
        if (!administrative && !isPublic) {
            return before;
        }
        long height = block.header().height();
        Roster roster = administrative ? administration.roster(state) : before.roster();
        PublicFacts facts = isPublic ? facts(block) : PublicFacts.NONE;
        check(before, roster, facts, height);
        if (!isRecovered(facts, height)) {
            sealers.apply(height, facts);
        }
        ServiceIdentity begun = facts.identity();
        checkElectorate(
                block, state, roster.generation(), begun == null ? before.serviceCertificate() : begun.certificate());
        if (!facts.bringsEpoch()) {
            return administrative ? succeed(before, roster) : before;
        }
        ServiceIdentity identity = facts.identity();
        boolean listed = isListed(roster);
        if (!bring(block, roster)) {
            // What follows is not for this node. It was removed: it goes no further than this.
            Invariant.check(
                    !listed,
                    "a block holds its epoch's secrets for every node of the roster but one in quarantine: what this"
                            + " node runs on is trusted no longer, and another has to take its place",
                    height);
            return new InForce(
                    roster,
                    false,
                    before.limits(),
                    before.epoch(),
                    before.epochSinceSeconds(),
                    before.generation(),
                    before.serviceCertificate(),
                    List.of());
        }
        Sharing.check(
                shares(block),
                before.roster().recovery(),
                roster.recovery(),
                epoch(height),
                () -> keys.sealRootsBefore(height));
        return new InForce(
                roster,
                listed,
                roster.limits().within(limits),
                epoch(height),
                block.header().timestampSeconds(),
                identity == null ? before.generation() : generation(identity.generation()),
                identity == null ? before.serviceCertificate() : identity.certificate(),
                List.of());
    }

    private InForce first(SealedBlock genesis, Reader state) {
        Roster roster = administration.roster(state);
        PublicFacts facts = facts(genesis);
        ServiceIdentity identity = Invariant.present(facts.identity(), "genesis says who the service is");
        if (administration.ledger() != null) {
            Invariant.check(roster.generation() == 0, "a network begins with generation 0");
            Set<String> admitted = new HashSet<>(changes(facts));
            admitted.remove("+" + name(identity.certificate()));
            admitted.remove("-" + name(identity.certificate()));
            Invariant.check(
                    admitted.equals(changes(Roster.NONE, roster)), "the nodes of genesis are those of its roster");
        }
        Sharing.check(shares(genesis), Recovery.NONE, roster.recovery(), epoch(0), List::of);
        return new InForce(
                roster,
                isListed(roster),
                roster.limits().within(limits),
                epoch(0),
                genesis.header().timestampSeconds(),
                generation(0),
                identity.certificate(),
                List.of());
    }

    /** What a snapshot after this head says beside the maps; null if this node lacks secrets that others have. */
    @Nullable
    SnapshotContext context(ChainHead head, InForce after) {
        List<byte[]> epochs = new ArrayList<>();
        for (long epoch : sealers.epochs()) {
            byte[] commitment = keys.commitment(epoch);
            if (commitment == null) {
                return null;
            }
            epochs.add(commitment);
        }
        List<byte[]> generations = new ArrayList<>();
        for (int number : sealers.generations()) {
            Generation generation = keys.generationOrLost(number);
            if (generation == null) {
                return null;
            }
            generations.add(generation.commitment());
        }
        return new SnapshotContext(head, after.epochSinceSeconds(), sealers.encode(), epochs, generations, List.of());
    }

    /** What is in force after the state of a snapshot, whose sealers and secrets this node has already. */
    InForce resume(SnapshotContext context, Reader state) {
        long next = context.head().height() + 1;
        Roster roster = administration.roster(state);
        return new InForce(
                roster,
                isListed(roster),
                roster.limits().within(limits),
                epoch(sealers.epochAt(next)),
                context.epochSinceSeconds(),
                generation(sealers.generationAt(next)),
                ServiceMaps.identities(state).getLast().certificate(),
                List.of());
    }

    private EpochSecrets epoch(long epoch) {
        return Invariant.present(keys.epoch(epoch), "a node has the secrets of the epoch in force");
    }

    /** Blocks from before a recovery are of generations whose secrets nobody has; nobody seals under those. */
    private Generation generation(int number) {
        return Invariant.present(keys.generationOrLost(number), "a node has the secrets of the generation in force");
    }

    /** Every node judges what the leader decided: one that decides otherwise is not to be followed. */
    private void check(InForce before, Roster roster, PublicFacts facts, long height) {
        Invariant.check(
                facts.bringsEpoch() || !demandsEpoch(before.roster(), roster),
                "a block that changes the nodes brings a new epoch",
                height);
        ServiceIdentity identity = facts.identity();
        boolean grew = roster.generation() > before.roster().generation();
        Invariant.check(grew == (identity != null), "a generation begins when the roster says so", height);
        Invariant.check(
                changes(facts).equals(changes(before.roster(), roster)),
                "the sealers change as the roster does",
                height);
        if (identity != null) {
            Invariant.check(
                    identity.generation() == roster.generation()
                            && (isRecovered(facts, height)
                                    || identity.isEndorsedBy(
                                            serviceId,
                                            before.serviceCertificate().getPublicKey())),
                    "a generation is endorsed by the one before",
                    height);
        }
        X509Certificate service = identity == null ? before.serviceCertificate() : identity.certificate();
        for (SealerChange change : facts.sealers()) {
            Invariant.check(
                    !(change instanceof SealerChange.Admitted admitted)
                            || isSpokenFor(admitted, service, roster.generation(), height),
                    "the service speaks for each sealer that a block admits",
                    height);
        }
    }

    private boolean isSpokenFor(SealerChange.Admitted admitted, X509Certificate service, int generation, long height) {
        SealerEndorsement endorsement = admitted.endorsement();
        return endorsement != null
                && endorsement.generation() == generation
                && endorsement.height() == height
                && endorsement.isBy(service.getPublicKey(), serviceId, SealerChange.digest(admitted.certificate()));
    }

    private static Set<String> changes(PublicFacts facts) {
        Set<String> changes = new HashSet<>();
        for (SealerChange change : facts.sealers()) {
            changes.add(
                    switch (change) {
                        case SealerChange.Admitted(X509Certificate certificate, var endorsement) ->
                            "+" + name(certificate);
                        case SealerChange.Removed(byte[] digest, long lastHeight) ->
                            "-" + HexFormat.of().formatHex(digest);
                    });
        }
        return changes;
    }

    private static Set<String> changes(Roster before, Roster after) {
        Set<String> old = new HashSet<>();
        before.nodes().forEach(node -> old.add(name(node.certificate())));
        Set<String> changes = new HashSet<>();
        for (Roster.Node node : after.nodes()) {
            String name = name(node.certificate());
            if (!old.remove(name) || after.generation() > before.generation()) {
                changes.add("+" + name);
            }
        }
        old.forEach(name -> changes.add("-" + name));
        return changes;
    }

    /** Whether this node has the secrets that the block brings: they were handed over to it, or are in the block. */
    private boolean bring(SealedBlock block, Roster roster) {
        long height = block.header().height();
        if (keys.epoch(height) != null) {
            return true;
        }
        Roster.Node node = roster.byCertificate(self.certificateDigest());
        if (node == null) {
            return false;
        }
        try {
            return keys.addWhatBrings(block, serviceId, node.id(), self.wrappingKey());
        } catch (MalformedException e) {
            throw new BrokenInvariantException("the public writes of committed block " + height + " do not parse", e);
        }
    }

    private static List<EpochShares> shares(SealedBlock block) {
        long height = block.header().height();
        try {
            return ServiceMaps.shares(height, block.publicWrites());
        } catch (MalformedException e) {
            throw new BrokenInvariantException("the shares of committed block " + height + ": " + e.getMessage(), e);
        }
    }

    private PublicFacts facts(SealedBlock block) {
        try {
            return maps.read(block.header().height(), block.publicWrites());
        } catch (MalformedException e) {
            throw new BrokenInvariantException(
                    "the public writes of committed block " + block.header().height() + ": " + e.getMessage(), e);
        }
    }
}
