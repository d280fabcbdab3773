package coco.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ArenaTest {
    @Test
    void shouldGiveEachSizeTheSmallestClassThatHoldsIt() {
        int previous = 1;
        for (int longs = 2; longs <= Arena.MAX_SHARED_LONGS; longs++) {
            int sizeClass = Arena.sizeClass(longs);
            assertThat(sizeClass).isBetween(previous, previous + 1);
            assertThat(Arena.classLongs(sizeClass)).isGreaterThanOrEqualTo(longs);
            if (sizeClass > previous) {
                assertThat(Arena.classLongs(previous)).isEqualTo(longs - 1);
            }
            previous = sizeClass;
        }
        assertThat(previous).isEqualTo(176);
    }

    @Test
    void shouldKeepBlocksApartWhenAllocatingAndFreeingAtRandom() {
        Random random = new Random(7);
        Arena arena = new Arena(1L << 30);
        NavigableMap<Integer, Integer> blocks = new TreeMap<>(Integer::compareUnsigned);
        List<Integer> handles = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            if (handles.size() > 2000 || (random.nextInt(3) == 0 && !handles.isEmpty())) {
                int last = handles.removeLast();
                int at = random.nextInt(handles.size() + 1);
                int handle = at < handles.size() ? handles.set(at, last) : last;
                blocks.remove(handle);
                arena.free(handle);
            } else {
                int longs = 2 + random.nextInt(random.nextInt(50) == 0 ? 12_000 : 60);
                int handle = arena.allocate(longs, i);
                assertThat(Arena.longs(arena.slabs(), handle)).isGreaterThanOrEqualTo(longs);
                checkApart(blocks, handle, longs);
                blocks.put(handle, longs);
                handles.add(handle);
            }
            assertThat(arena.liveBlocks()).isEqualTo(handles.size());
        }
        handles.forEach(arena::free);
        assertThat(arena.liveBlocks()).isZero();
        assertThat(arena.liveBytes()).isZero();
    }

    private static void checkApart(NavigableMap<Integer, Integer> blocks, int handle, int longs) {
        assertThat(handle).isNotZero();
        var before = blocks.floorEntry(handle);
        if (before != null && before.getKey() >>> Arena.SLAB_SHIFT == handle >>> Arena.SLAB_SHIFT) {
            assertThat(before.getKey() + before.getValue()).isLessThanOrEqualTo(handle);
        }
        var after = blocks.ceilingEntry(handle);
        if (after != null && after.getKey() >>> Arena.SLAB_SHIFT == handle >>> Arena.SLAB_SHIFT) {
            assertThat(handle + longs).isLessThanOrEqualTo(after.getKey());
        }
    }

    @Test
    void shouldUseFreedMemoryAgain() {
        Arena arena = new Arena(1L << 20);
        for (int i = 0; i < 100_000; i++) {
            arena.free(arena.allocate(40, i));
            arena.free(arena.allocate(20_000, i));
        }
        assertThat(arena.slabBytes()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void shouldRefuseToFreeTwice() {
        Arena arena = new Arena(1L << 30);
        int small = arena.allocate(10, 1);
        int large = arena.allocate(10_000, 1);
        arena.free(small);
        arena.free(large);
        assertThatIllegalStateException().isThrownBy(() -> arena.free(small));
        assertThatIllegalStateException().isThrownBy(() -> arena.free(large));
    }

    @Test
    void shouldSayThatItIsFullWhenTheLimitIsReached() {
        Arena arena = new Arena(1 << 20);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        arena.ensureRoom(4000);
                        arena.allocate(4000, 1);
                    }
                })
                .isInstanceOf(StoreFullException.class);
        assertThat(arena.slabBytes()).isEqualTo(1 << 20);
        assertThatThrownBy(() -> arena.ensureRoom(1 << 20)).isInstanceOf(StoreFullException.class);
    }
}
