package coco.journal;

import java.util.LinkedHashMap;
import java.util.Map;

/** The files that readers have open, the least recently used one closed when there are too many. Any thread. */
final class ReadFiles implements AutoCloseable {
    /** A file and how many are using it; guarded by the lock of {@link ReadFiles}. */
    final class Lease implements AutoCloseable {
        private final Storage.File file;
        private int users;
        private boolean evicted;

        private Lease(Storage.File file) {
            this.file = file;
        }

        Storage.File file() {
            return file;
        }

        @Override
        public void close() {
            release(this);
        }
    }

    private final Storage storage;
    private final int most;
    private final LinkedHashMap<String, Lease> leases = new LinkedHashMap<>(16, 0.75f, true);

    ReadFiles(Storage storage, int most) {
        this.storage = storage;
        this.most = most;
    }

    synchronized Lease lease(String name) {
        Lease lease = leases.computeIfAbsent(name, file -> new Lease(storage.openForReading(file)));
        lease.users++;
        if (leases.size() > most) {
            Map.Entry<String, Lease> eldest = leases.firstEntry();
            leases.remove(eldest.getKey());
            evict(eldest.getValue());
        }
        return lease;
    }

    private synchronized void release(Lease lease) {
        lease.users--;
        if (lease.evicted && lease.users == 0) {
            lease.file.close();
        }
    }

    private static void evict(Lease lease) {
        lease.evicted = true;
        if (lease.users == 0) {
            lease.file.close();
        }
    }

    /** A file that is about to be deleted is not kept open any longer than it is used. */
    synchronized void retire(String name) {
        Lease lease = leases.remove(name);
        if (lease != null) {
            evict(lease);
        }
    }

    @Override
    public synchronized void close() {
        leases.values().forEach(ReadFiles::evict);
        leases.clear();
    }
}
