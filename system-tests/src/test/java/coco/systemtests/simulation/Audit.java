package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.client.recovery.MembersShare;
import coco.client.recovery.OpenedEpochs;
import coco.client.recovery.ProvenJournal;
import coco.client.recovery.ShareFile;
import coco.client.recovery.ShareRequest;
import coco.core.ServiceMaps;
import coco.crypto.KeyEncryption;
import coco.crypto.P256;
import coco.journal.BlockContent;
import coco.journal.BlockOpener;
import coco.journal.BlockSealer;
import coco.journal.ChainHead;
import coco.journal.CollectedShares;
import coco.journal.EpochSecrets;
import coco.journal.EpochShares;
import coco.journal.EvidenceKey;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.JournalVerifier;
import coco.journal.MalformedException;
import coco.journal.OpenResult;
import coco.journal.OpenerKeys;
import coco.journal.PublicWritesReader;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import coco.journal.SealerDirectory;
import coco.journal.SealerIdentity;
import coco.journal.SealingKeys;
import coco.kv.WriteSet;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An auditor who is opened one epoch of a journal by its members, and tries what else that may give. */
final class Audit {
    private static final KeyPair AUDITOR = P256.derive(new byte[32], new byte[] {1});

    private final SimulatedNode node;
    private final SimulatedCluster cluster;
    private final List<JournalEntry> journal;
    private final ProvenJournal proven;

    Audit(SimulatedCluster cluster, SimulatedNode node) {
        this.cluster = cluster;
        this.node = node;
        this.journal = node.journal();
        this.proven = ProvenJournal.verify(node.disk(), cluster.serviceCertificate(), new Maps());
    }

    private static final class Maps implements ProvenJournal.Knowledge {
        @Override
        public PublicWritesReader publicWrites() {
            return new ServiceMaps();
        }

        @Override
        public JournalVerifier.Decisions decisions() {
            return JournalVerifier.Decisions.NONE;
        }

        @Override
        public List<EpochShares> shares(long height, byte[] publicWrites) throws MalformedException {
            return ServiceMaps.shares(height, publicWrites);
        }
    }

    ProvenJournal proven() {
        return proven;
    }

    /** Members answer until there are enough; one fewer opens nothing. */
    SealRoot open(long epoch) throws MalformedException {
        EpochShares record = proven.ofEpoch(epoch);
        byte[] file = new ShareRequest(proven.serviceId(), epoch, "auditor", "yearly", AUDITOR.getPublic()).encode();
        ShareRequest request = ShareRequest.decode(file);
        CollectedShares collected = new CollectedShares(proven.serviceId(), record);
        for (EpochShares.SealedShare share : record.shares().subList(0, record.threshold())) {
            assertThat(collected.open())
                    .as("with %d missing", collected.missing())
                    .isNull();
            MembersShare own =
                    new MembersShare(proven.serviceId(), record, share.member(), Members.recoveryKey(share.member()));
            byte[] answer = ShareFile.encode(share.member(), own.answer(request.key(), new SecureRandom()));
            CollectedShares.Taken taken = collected.add(
                    ShareFile.decode(answer),
                    (context, enclosed) -> KeyEncryption.open(AUDITOR.getPrivate(), context, enclosed));
            assertThat(taken).isEqualTo(CollectedShares.Taken.TAKEN);
        }
        SortedMap<Long, SealRoot> roots = Objects.requireNonNull(collected.open());
        assertThat(roots.keySet()).containsExactly(epoch);
        return Objects.requireNonNull(roots.get(epoch));
    }

    /** The transactions of the epoch come out, all of them; blocks of all other epochs stay closed. */
    int assertOpensThisEpochAlone(SealRoot root) throws IOException, MalformedException {
        StringBuilder lines = new StringBuilder();
        SortedMap<Long, SealRoot> roots = new TreeMap<>();
        roots.put(root.epoch(), root);
        OpenedEpochs opened = new OpenedEpochs(proven.reader(), roots);
        opened.write(lines);
        int blocks = 0;
        int closed = 0;
        long transactions = 0;
        for (JournalEntry entry : journal) {
            SealedBlock block = entry.block();
            long epoch = block.header().epoch();
            OpenResult byAuditor = proven.reader().open(block, root);
            if (epoch == root.epoch()) {
                blocks++;
                transactions += content(entry).entryCount();
                assertThat(lines).contains("\"block\":" + entry.height() + ",");
                continue;
            }
            closed++;
            assertRefused(byAuditor, entry);
            assertRefused(proven.reader().open(block, new SealRoot(cluster.serviceId(), epoch, root.secret())), entry);
        }
        assertThat(opened.blocks()).isEqualTo(blocks);
        assertThat(opened.transactions()).isEqualTo(transactions);
        assertThat(transactions).isPositive();
        return closed;
    }

    private BlockContent content(JournalEntry entry) {
        SealRoot root = Objects.requireNonNull(
                node.keys().sealRoot(entry.block().header().epoch()));
        return ((OpenResult.Opened) proven.reader().open(entry.block(), root)).content();
    }

    private static void assertRefused(OpenResult result, JournalEntry entry) {
        assertThat(result)
                .as("block %d", entry.height())
                .isInstanceOfSatisfying(
                        OpenResult.Refusal.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(OpenResult.Kind.WRONG_EPOCH_COMMITMENT));
    }

    /** What a receipt needs, the nonce of a commitment, is not to be had from the seal root. */
    void assertMakesNoReceipt(SealRoot root) {
        BlockOpener own = opener(root, null);
        BlockOpener guess = opener(root, new EvidenceKey(cluster.serviceId(), root.secret()));
        for (JournalEntry entry : journal) {
            assertThat(own.evidenceNonce(entry.block())).isNull();
            assertThat(guess.evidenceNonce(entry.block())).isNotEqualTo(entry.evidenceNonce());
        }
    }

    private BlockOpener opener(SealRoot root, @Nullable EvidenceKey evidence) {
        OpenerKeys keys = new OpenerKeys() {
            @Override
            public @Nullable SealRoot sealRoot(long epoch) {
                return epoch == root.epoch() ? root : null;
            }

            @Override
            public @Nullable EvidenceKey evidenceKey(int generation) {
                return evidence;
            }
        };
        return new BlockOpener(cluster.serviceId(), keys, new SealerDirectory.Tracked(), JournalLimits.DEFAULT);
    }

    /** A block that the auditor makes on top of the newest one, under all that it was given, is nobody's. */
    void assertSealsNothing(SealRoot root) throws MalformedException {
        ChainHead head = ChainHead.NONE;
        SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();
        for (JournalEntry entry : journal) {
            head = head.next(entry.block());
            sealers.apply(
                    entry.height(),
                    new ServiceMaps().read(entry.height(), entry.block().publicWrites()));
        }
        byte[] serviceId = cluster.serviceId();
        SealerIdentity auditor = new SealerIdentity(serviceId, new byte[32], AUDITOR.getPrivate());
        SealingKeys keys = new SealingKeys(
                new EpochSecrets(serviceId, root.epoch(), root.secret()),
                journal.getLast().block().header().generation(),
                new EvidenceKey(serviceId, root.secret()));
        SealedBlock forged = new BlockSealer(auditor, new SecureRandom(), JournalLimits.DEFAULT)
                .seal(
                        head,
                        journal.getLast().block().header().term(),
                        keys,
                        new BlockContent(content(journal.getLast()).timestampMillis(), List.of()),
                        WriteSet.empty().serialise());
        BlockOpener nodes = new BlockOpener(serviceId, node.keys(), sealers, JournalLimits.DEFAULT);
        assertThat(nodes.open(forged, head)).isInstanceOf(OpenResult.Refusal.class);
        assertThat(forged.header().epochCommitment()).isNotEqualTo(root.commitment());
    }
}
