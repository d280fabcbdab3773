package coco.systemtests.processes;

import coco.consensus.LogPosition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Holds what nodes answered against what they had made durable by then. The entry that carries an acknowledged
 * transaction must have been written and synced in the Raft logs of a majority before the answer left.
 *
 * @param syncedMicros of each node, since when each entry of its Raft log is on its disk
 * @param answeredMicros when a node began to send the first answer that acknowledges a transaction
 */
record FsyncAudit(List<Map<LogPosition, Long>> syncedMicros, Map<Acknowledged, Long> answeredMicros) {
    private static final String COMMITTED = "coco-transaction-status: committed";

    FsyncAudit {
        syncedMicros = List.copyOf(syncedMicros);
        answeredMicros = Map.copyOf(answeredMicros);
    }

    /** Since when each entry of a node's Raft log is on its disk, by replaying its calls on its files. */
    static Map<LogPosition, Long> synced(List<SystemCall> calls, TracedDisk disk) {
        Map<LogPosition, Long> synced = new HashMap<>();
        Map<Path, Integer> ends = new HashMap<>();
        for (SystemCall call : calls) {
            disk.apply(call);
            if (call.name().endsWith("sync")) {
                for (Path log : disk.sureFiles()) {
                    if (RaftLogFile.isLog(log)) {
                        RaftLogFile more =
                                RaftLogFile.parse(disk.sure(log), ends.getOrDefault(log, RaftLogFile.MAGIC_BYTES));
                        more.entries()
                                .forEach(entry -> synced.putIfAbsent(
                                        new LogPosition(entry.term(), entry.index()), call.endMicros()));
                        ends.put(log, more.end());
                    }
                }
            }
        }
        return synced;
    }

    /** When the first answer that acknowledges each of these transactions began to leave a node. */
    static Map<Acknowledged, Long> answered(List<SystemCall> calls, Set<Acknowledged> transactions) {
        Map<String, Acknowledged> byId = new HashMap<>();
        transactions.forEach(transaction -> byId.put(transaction.id(), transaction));
        Map<Acknowledged, Long> answered = new HashMap<>();
        for (SystemCall call : calls) {
            if (call.name().startsWith("write") && call.target(0).startsWith("socket:")) {
                String text = new String(call.bytes(1), StandardCharsets.ISO_8859_1);
                if (text.startsWith("HTTP/1.1 ")
                        && text.toLowerCase(Locale.ROOT).contains(COMMITTED)) {
                    for (String word : text.split("[^0-9a-f]+", -1)) {
                        Acknowledged transaction = byId.get(word);
                        if (transaction != null) {
                            answered.merge(transaction, call.startMicros(), Math::min);
                        }
                    }
                }
            }
        }
        return answered;
    }

    /** The acknowledged transactions of which too few nodes had the entry on disk when the answer left, in words. */
    List<String> violations(JournalContents journal) {
        List<String> violations = new ArrayList<>();
        answeredMicros.forEach((transaction, answered) -> {
            JournalContents.Block block = journal.holding(transaction);
            if (block == null) {
                violations.add(transaction + " is in no block");
                return;
            }
            long safe = syncedMicros.stream()
                    .filter(node -> node.getOrDefault(block.position(), Long.MAX_VALUE) <= answered)
                    .count();
            if (2 * safe <= syncedMicros.size()) {
                violations.add(transaction + " in " + block.position() + " was answered at " + answered + " with "
                        + safe + " synced copies");
            }
        });
        return violations;
    }
}
