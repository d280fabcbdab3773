package coco.evm.trie;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.rlp.RlpWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OrderedTrieRootTest {
    @Test
    void shouldBeTheRootByDefinitionAtEveryLength() {
        Random random = new Random(1);
        List<byte[]> items = new ArrayList<>();
        TreeMap<String, byte[]> entries = new TreeMap<>();
        for (int count = 0; count < 600; count++) {
            if (count < 300 || count % 37 == 0) {
                assertThat(OrderedTrieRoot.of(items)).as("%d items", count).isEqualTo(NaiveTrie.root(entries));
            }
            byte[] item = new byte[1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 20)];
            random.nextBytes(item);
            items.add(item);
            entries.put(HexFormat.of().formatHex(new RlpWriter().unsigned(count).toBytes()), item);
        }
    }
}
