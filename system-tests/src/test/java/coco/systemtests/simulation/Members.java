package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.core.Keyring;
import coco.core.ServiceMaps;
import coco.crypto.KeyEncryption;
import coco.crypto.P256;
import coco.journal.CollectedShares;
import coco.journal.EpochShares;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
import coco.journal.Recovery;
import coco.journal.SealRoot;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Members who hold recovery keys, and what they find in a journal when no node is left. */
final class Members {
    private static final int COUNT = 5;
    private static final Map<String, KeyPair> KEYS = new HashMap<>();

    private Members() {}

    private static KeyPair key(String member) {
        byte[] info = member.getBytes(StandardCharsets.US_ASCII);
        return KEYS.computeIfAbsent(member, name -> P256.derive(new byte[32], info));
    }

    /** How a member opens its shares. */
    static EpochShares.RecoveryKey recoveryKey(String member) {
        return (context, enclosed) -> KeyEncryption.open(key(member).getPrivate(), context, enclosed);
    }

    /** M of the members of these names. */
    static Recovery recovery(int threshold, List<String> members) {
        return new Recovery(
                threshold,
                members.stream()
                        .map(member ->
                                new Recovery.Recipient(member, key(member).getPublic()))
                        .toList());
    }

    /** Some of them, and some M. */
    static Recovery some(RandomGenerator random) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            names.add("member-" + i);
        }
        Collections.shuffle(names, random);
        List<String> chosen = names.subList(0, 1 + random.nextInt(COUNT));
        return recovery(1 + random.nextInt(chosen.size()), chosen);
    }

    /**
     * Any M members open each epoch by its own record, one fewer does not; and the newest record for recovery opens all
     * epochs before it.
     *
     * @param keys of a node that has them all
     * @return how many epochs were opened
     */
    static int assertAllEpochsOpen(List<JournalEntry> journal, byte[] serviceId, Keyring keys) {
        SortedMap<Long, EpochShares> own = new TreeMap<>();
        SortedMap<Long, EpochShares> again = new TreeMap<>();
        for (JournalEntry entry : journal) {
            try {
                for (EpochShares record :
                        ServiceMaps.shares(entry.height(), entry.block().publicWrites())) {
                    (record.id().kind() == EpochShares.Kind.EPOCH ? own : again).put(entry.height(), record);
                }
            } catch (MalformedException e) {
                throw new AssertionError("block " + entry.height(), e);
            }
        }
        for (JournalEntry entry : journal) {
            long epoch = entry.block().header().epoch();
            assertThat(own).as("epoch of block %d", entry.height()).containsKey(epoch);
        }
        own.forEach((epoch, record) -> assertThat(open(record, serviceId, keys)).containsExactly(epoch));
        if (!again.isEmpty()) {
            assertThat(open(again.lastEntry().getValue(), serviceId, keys))
                    .containsExactlyElementsOf(own.headMap(again.lastKey()).keySet());
        }
        return own.size();
    }

    private static List<Long> open(EpochShares record, byte[] serviceId, Keyring keys) {
        CollectedShares collected = new CollectedShares(serviceId, record);
        List<Integer> numbers = new ArrayList<>();
        for (int number = 1; number <= record.shares().size(); number++) {
            numbers.add(number);
        }
        Collections.shuffle(numbers, new SplittableRandom(record.id().height()));
        try {
            for (int number : numbers.subList(0, record.threshold())) {
                assertThat(collected.open()).as("%s, with too few", record.id()).isNull();
                String member = record.shares().get(number - 1).member();
                byte[] share = Objects.requireNonNull(record.open(serviceId, member, recoveryKey(member)));
                assertThat(collected.add(number, share)).isEqualTo(CollectedShares.Taken.TAKEN);
            }
            SortedMap<Long, SealRoot> roots = Objects.requireNonNull(collected.open());
            roots.forEach((epoch, root) -> assertThat(root.secret())
                    .as("%s, epoch %d", record.id(), epoch)
                    .isEqualTo(Objects.requireNonNull(keys.sealRoot(epoch)).secret()));
            return List.copyOf(roots.keySet());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
