package coco.core;

import coco.crypto.CryptoException;
import coco.journal.EpochSecrets;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalException;
import coco.journal.MalformedException;
import coco.journal.ReadResult;
import coco.journal.SealerDirectory;
import coco.journal.SnapshotFile;
import coco.journal.Storage;
import coco.kv.Draft;
import coco.kv.MalformedNodesException;
import coco.kv.MapImport;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreFullException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest snapshot that a start can begin with. One that is not what it says is named and put aside, and the next
 * older one is tried; with none, the start replays everything.
 *
 * <p>Believed is what this node's own manifest vouches for; the rest of the journal, from the snapshot's height on, is
 * then checked by the replay as ever, and must pass through the block that commits to the snapshot.
 */
final class SnapshotStart {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStart.class);

    private final Core.Parts parts;
    private final Storage files;
    private final List<MapSpec> maps;

    private SnapshotStart(Core.Parts parts, Storage files, List<MapSpec> maps) {
        this.parts = parts;
        this.files = files;
        this.maps = maps;
    }

    /**
     * What a start begins with.
     *
     * @param store whose head is the state
     */
    record Loaded(Store store, SnapshotContext context, SealerDirectory.Tracked sealers) {
        long height() {
            return context.head().height();
        }
    }

    /** Why a file is not begun with. */
    private static final class UnfitException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean damaged;

        UnfitException(boolean damaged, @Nullable String words) {
            super(words);
            this.damaged = damaged;
        }
    }

    /** The newest one that is fit; null if there is none. */
    static @Nullable Loaded newest(Core.Parts parts, List<MapSpec> maps) {
        SnapshotParts snapshots = parts.snapshots();
        return snapshots == null ? null : new SnapshotStart(parts, snapshots.files(), maps).newest();
    }

    private @Nullable Loaded newest() {
        List<String> names = new ArrayList<>(files.list());
        byte[] manifestKey = SnapshotManifest.key(parts.serviceId(), parts.wrappingKey());
        for (String name : names.reversed()) {
            if (SnapshotFile.height(name) < 0 || !names.contains(SnapshotManifest.name(name))) {
                continue;
            }
            try {
                Loaded loaded = load(name, manifestKey);
                LOG.info("begins with the snapshot of height {}", loaded.height());
                return loaded;
            } catch (UnfitException unfit) {
                LOG.warn("the snapshot {} is not begun with: {}", name, unfit.getMessage());
                if (unfit.damaged) {
                    putAside(name);
                }
            } catch (JournalException e) {
                LOG.warn("the snapshot {} cannot be read: {}", name, e.getMessage());
            }
        }
        return null;
    }

    private void putAside(String name) {
        files.rename(name, name + SnapshotFile.QUARANTINED_SUFFIX);
        files.delete(SnapshotManifest.name(name));
        files.forceFolder();
    }

    private Loaded load(String name, byte[] manifestKey) throws UnfitException {
        SnapshotManifest manifest = SnapshotManifest.read(files, name, manifestKey);
        if (manifest == null || manifest.height() != SnapshotFile.height(name)) {
            throw new UnfitException(true, "its manifest is damaged, or not of this node");
        }
        checkJournal(manifest);
        try {
            SnapshotFile file = SnapshotFile.open(files, name, parts.serviceId());
            if (!Arrays.equals(file.root(), manifest.root())) {
                throw new UnfitException(true, "it has another root than its manifest says");
            }
            return read(file, epoch(file.epoch()));
        } catch (MalformedException | MalformedNodesException e) {
            throw new UnfitException(true, e.getMessage());
        } catch (StoreFullException e) {
            throw new UnfitException(false, e.getMessage());
        }
    }

    /** Whether the journal goes on from there, and through the block that the manifest names. */
    private void checkJournal(SnapshotManifest manifest) throws UnfitException {
        Journal journal = parts.journal();
        if (manifest.evidenceHeight() > journal.durable().height()) {
            throw new UnfitException(false, "the journal ends before the block that vouches for it");
        }
        if (!(journal.read(manifest.evidenceHeight()) instanceof ReadResult.Found(JournalEntry entry))
                || !Arrays.equals(entry.block().headerHash(), manifest.evidenceHash())) {
            throw new UnfitException(false, "the journal has another block at height " + manifest.evidenceHeight());
        }
        for (long height = manifest.height() + 1; height < manifest.evidenceHeight(); height++) {
            if (!(journal.read(height) instanceof ReadResult.Found)) {
                throw new UnfitException(false, "the journal lacks block " + height);
            }
        }
    }

    private Loaded read(SnapshotFile file, EpochSecrets secrets)
            throws UnfitException, MalformedException, MalformedNodesException {
        // The root is known to be right only after the last chunk, which says what those before are; so twice.
        SnapshotContext context = context(file, secrets);
        SealerDirectory.Tracked sealers = SealerDirectory.Tracked.decode(context.sealers());
        if (context.head().height() != file.height()) {
            throw new UnfitException(true, "it is of height " + context.head().height());
        }
        Store store = new Store(maps, parts.storeLimits());
        Draft draft = store.draft(store.head());
        try (SnapshotFile.Reader reader = file.reader(secrets)) {
            for (int i = 0; i < maps.size(); i++) {
                load(draft, maps.get(i), context.maps().get(i), reader);
            }
        }
        draft.seal().close();
        bringSecrets(context, sealers);
        return new Loaded(store, context, sealers);
    }

    private SnapshotContext context(SnapshotFile file, EpochSecrets secrets) throws UnfitException, MalformedException {
        byte[] last = {};
        try (SnapshotFile.Reader reader = file.reader(secrets)) {
            while (reader.hasNext()) {
                last = reader.next();
            }
            reader.end();
        }
        SnapshotContext context = SnapshotContext.decode(last);
        List<String> here = maps.stream().map(MapSpec::name).toList();
        List<String> there =
                context.maps().stream().map(SnapshotContext.MapChunks::name).toList();
        if (!here.equals(there)) {
            throw new UnfitException(false, "it has the maps " + there + ", this release has " + here);
        }
        return context;
    }

    private static void load(Draft draft, MapSpec map, SnapshotContext.MapChunks said, SnapshotFile.Reader reader)
            throws MalformedException, MalformedNodesException {
        if (said.chunks() == 0) {
            return;
        }
        MapImport load = draft.importing(map);
        for (int i = 0; i < said.chunks(); i++) {
            if (!reader.hasNext()) {
                throw new MalformedException("it has fewer chunks than it says");
            }
            load.add(reader.next());
        }
        load.end();
        if (load.entries() != said.entries()) {
            throw new MalformedException("the map " + map.name() + " has " + load.entries() + " entries");
        }
    }

    // ---------------------------------------------------------------- secrets

    /** The secrets of an epoch, if need be from the block that brought them. */
    private EpochSecrets epoch(long epoch) throws UnfitException {
        bring(epoch);
        EpochSecrets secrets = parts.keys().epoch(epoch);
        if (secrets == null) {
            throw new UnfitException(false, "the secrets of its epoch, " + epoch + ", are not here");
        }
        return secrets;
    }

    private void bring(long epoch) {
        if (parts.keys().epoch(epoch) == null
                && parts.journal().read(epoch) instanceof ReadResult.Found(JournalEntry entry)) {
            try {
                parts.keys()
                        .addWhatBrings(
                                entry.block(), parts.serviceId(), parts.self().value(), parts.wrappingKey());
            } catch (MalformedException | CryptoException e) {
                LOG.warn("block {} brings no secrets: {}", epoch, e.getMessage());
            }
        }
    }

    /**
     * What the blocks that are not replayed brought. They are compared with what the snapshot says, since nothing else
     * vouches for those blocks.
     */
    private void bringSecrets(SnapshotContext context, SealerDirectory.Tracked sealers) throws UnfitException {
        List<Long> epochs = sealers.epochs();
        List<Integer> generations = sealers.generations();
        if (epochs.size() != context.epochs().size()
                || generations.size() != context.generations().size()) {
            throw new UnfitException(true, "it names other epochs than those that were in force");
        }
        for (int i = 0; i < epochs.size(); i++) {
            bring(epochs.get(i));
            EpochSecrets secrets = parts.keys().epoch(epochs.get(i));
            if (secrets != null
                    && !Arrays.equals(
                            secrets.sealRoot().commitment(), context.epochs().get(i))) {
                throw new CoreException("block " + epochs.get(i) + " of the journal brings another epoch's secret"
                        + " than the network had");
            }
        }
        for (int i = 0; i < generations.size(); i++) {
            Generation generation = parts.keys().generationOrLost(generations.get(i));
            if (generation == null
                    || Arrays.equals(
                            generation.commitment(), context.generations().get(i))) {
                continue;
            }
            if (generation.evidence() == null) {
                throw new UnfitException(
                        false, "the secrets of generation " + generation.number() + " are not here, others had them");
            } else {
                throw new CoreException("the journal brings another evidence key of generation " + generation.number()
                        + " than the network had");
            }
        }
        if (parts.keys().epoch(epochs.getLast()) == null || parts.keys().generation(generations.getLast()) == null) {
            throw new UnfitException(false, "the secrets in force after it are not here");
        }
    }
}
