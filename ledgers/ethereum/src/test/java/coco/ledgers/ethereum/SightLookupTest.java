package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import coco.kv.Cursor;
import coco.kv.DigestReader;
import coco.kv.MapSpec;
import coco.kv.NodeVisitor;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.History;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.View;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How much is read for what is hidden, and for what is not there. The grid of answers hides what takes less than a
 * step; so it has to stay a few reads, however much there is.
 */
class SightLookupTest {
    private static final Caller OTHER = SightNetwork.user(SightNetwork.OTHER);

    /**
     * Two questions to a contract's rule: account, code, mark, slots. A transaction that is not found is looked for
     * again after the pool was asked, and this contract has logs in two blocks.
     */
    private static final int MOST_STATE_READS = 20;

    private static final int MOST_BLOCKS = 2;

    /** How many values of the state, and how many blocks were read. */
    private record Reads(int state, int blocks) {}

    private static final class Counted extends OtherContext {
        private int state;
        private int blocks;

        Counted(LedgerContext node) {
            super(node);
        }

        @Override
        public View view(Caller caller) {
            return new CountedView(super.view(caller));
        }

        private final class CountedView implements View, History {
            private final View view;

            CountedView(View view) {
                this.view = view;
            }

            @Override
            public Caller caller() {
                return view.caller();
            }

            @Override
            public long height() {
                return view.height();
            }

            @Override
            public DigestReader state() {
                return new CountedState(view.state());
            }

            @Override
            public @Nullable DigestReader state(long height) {
                DigestReader at = view.state(height);
                return at == null ? null : new CountedState(at);
            }

            @Override
            public AccessSettings access() {
                return view.access();
            }

            @Override
            public History history() {
                return this;
            }

            @Override
            public void close() {
                view.close();
            }

            @Override
            public @Nullable LedgerBlock block(long height) {
                blocks++;
                return view.history().block(height);
            }

            @Override
            public List<History.Position> find(int kind, byte[] key) {
                return view.history().find(kind, key);
            }

            @Override
            public List<History.Position> find(int kind, byte[] key, long fromHeight, long toHeight, int limit) {
                return view.history().find(kind, key, fromHeight, toHeight, limit);
            }
        }

        private final class CountedState implements DigestReader {
            private final DigestReader reader;

            CountedState(DigestReader reader) {
                this.reader = reader;
            }

            @Override
            public byte @Nullable [] get(MapSpec map, byte[] key) {
                state++;
                return reader.get(map, key);
            }

            @Override
            public Cursor scan(MapSpec map, byte[] from, byte @Nullable [] to) {
                state++;
                return reader.scan(map, from, to);
            }

            @Override
            public Cursor scanPrefix(MapSpec map, byte[] prefix) {
                state++;
                return reader.scanPrefix(map, prefix);
            }

            @Override
            public long size(MapSpec map) {
                state++;
                return reader.size(map);
            }

            @Override
            public byte[] digest(MapSpec map) {
                return reader.digest(map);
            }

            @Override
            public byte[] digest(MapSpec map, byte[] prefix) {
                return reader.digest(map, prefix);
            }

            @Override
            public void walk(MapSpec map, byte[] prefix, byte[] key, NodeVisitor visitor) {
                reader.walk(map, prefix, key, visitor);
            }
        }
    }

    private final List<Counted> contexts = new ArrayList<>();
    private final SightNetwork network = new SightNetwork(node -> {
        contexts.add(new Counted(node));
        return contexts.getFirst();
    });

    private Reads reads(String method, String content) {
        Counted counted = contexts.getFirst();
        SightNetwork.Content of = Objects.requireNonNull(network.contents.get(content));
        byte[] question = SightQuestions.lookup(method, of, OTHER);
        network.exchange(OTHER, question);
        int state = counted.state;
        int blocks = counted.blocks;
        network.exchange(OTHER, question);
        return new Reads(counted.state - state, counted.blocks - blocks);
    }

    /** What reads more for what is hidden than it may. */
    private List<String> farther(byte @Nullable [] extra) {
        List<String> farther = new ArrayList<>();
        for (String method : SightQuestions.LOOKUPS) {
            network.extra = null;
            Reads absent = reads(method, "nothing");
            network.extra = extra;
            for (String content : List.of("readable", "unreadable", "child", "failed", "destroyed", "denied")) {
                Reads hidden = reads(method, content);
                boolean isNear = hidden.state() - absent.state() <= MOST_STATE_READS
                        && hidden.blocks() - absent.blocks() <= MOST_BLOCKS;
                if (!isNear) {
                    farther.add(method + " " + content + ": " + hidden + ", absent: " + absent);
                }
            }
        }
        return farther;
    }

    @Test
    void shouldReadNoMoreForWhatIsHiddenThanItsRuleAndItsBlockTwice() {
        assertThat(farther(null)).isEmpty();
    }

    @Test
    void shouldNoticeOneLookupMore() {
        String hash = Objects.requireNonNull(network.contents.get("unreadable")).hash();
        assertThat(farther(HexFormat.of().parseHex(hash.substring(2)))).hasSizeGreaterThan(5);
    }
}
