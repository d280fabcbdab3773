package coco.systemtests.fuzzing;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Spoils the items of a valid RLP document and writes valid RLP again, so that what is wrong is found where fields are
 * judged and not already where lengths are.
 */
final class RlpMutator {
    private static final int DEPTH_MAX = 20;

    private final Random random;
    private final List<byte[]> corpus;

    /** @param corpus documents of one list each, maybe after a type's byte */
    RlpMutator(Random random, List<byte[]> corpus) {
        this.random = random;
        this.corpus = corpus;
    }

    private sealed interface Item {
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Text(byte[] bytes) implements Item {}

        record Items(List<Item> items) implements Item {}
    }

    byte[] next() {
        byte[] document = corpus.get(random.nextInt(corpus.size()));
        boolean typed = (document[0] & 0xff) < 0xc0;
        try {
            RlpReader in = new RlpReader(document, typed ? 1 : 0, document.length - (typed ? 1 : 0));
            Item.Items root = (Item.Items) read(in, 0);
            for (int edits = random.nextInt(4); edits > 0; edits--) {
                edit(root);
            }
            RlpWriter out = new RlpWriter();
            if (typed) {
                out.raw(random.nextInt(10) == 0 ? random.nextInt(6) : document[0]);
            }
            write(root, out);
            return out.toBytes();
        } catch (RlpException e) {
            throw new IllegalStateException("the corpus is not RLP", e);
        }
    }

    private static Item read(RlpReader in, int depth) throws RlpException {
        if (!in.isList()) {
            return new Item.Text(in.string());
        }
        if (depth > DEPTH_MAX) {
            throw new IllegalStateException("the corpus is too deep");
        }
        List<Item> items = new ArrayList<>();
        in.enterList();
        while (in.hasNext()) {
            items.add(read(in, depth + 1));
        }
        in.leaveList();
        return new Item.Items(items);
    }

    private static void write(Item item, RlpWriter out) {
        switch (item) {
            case Item.Text(byte[] bytes) -> out.string(bytes);
            case Item.Items(List<Item> items) -> {
                out.beginList();
                items.forEach(inner -> write(inner, out));
                out.endList();
            }
        }
    }

    /** Goes down to some list, then changes one of its items. */
    private void edit(Item.Items root) {
        List<Item> items = root.items();
        while (!items.isEmpty()
                && items.get(random.nextInt(items.size())) instanceof Item.Items(List<Item> inner)
                && random.nextInt(4) != 0) {
            items = inner;
        }
        int at = random.nextInt(items.size() + 1);
        if (at == items.size()) {
            items.add(anything());
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> items.remove(at);
            case 1 ->
                items.add(at, items.get(random.nextInt(items.size())) instanceof Item.Text text ? text : anything());
            case 2 -> items.set(at, anything());
            default -> items.set(at, resized(items.get(at)));
        }
    }

    private Item anything() {
        if (random.nextInt(5) == 0) {
            List<Item> items = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                items.add(new Item.Text(new byte[random.nextInt(3)]));
            }
            return new Item.Items(items);
        }
        int[] lengths = {0, 1, 2, 8, 9, 20, 21, 31, 32, 33, 55, 56, 256, 300};
        byte[] bytes = new byte[lengths[random.nextInt(lengths.length)]];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextInt(4) == 0) {
            bytes[0] = 0;
        }
        return new Item.Text(bytes);
    }

    private Item resized(Item item) {
        if (!(item instanceof Item.Text(byte[] bytes))) {
            return anything();
        }
        byte[] changed = Arrays.copyOf(bytes, Math.max(0, bytes.length + random.nextInt(3) - 1));
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return new Item.Text(changed);
    }
}
