package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.AccessSettings.Accounts;
import coco.ledgers.api.Caller;
import coco.ledgers.ethereum.TwinNetwork.Blocks;
import coco.ledgers.ethereum.TwinNetwork.Hidden;
import coco.ledgers.ethereum.testing.ApiDocument;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.SchemaValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Two networks that differ in nothing but what is hidden, and an outsider who asks each for everything: what the
 * outsider is told is the same, to the byte, after the names of blocks (hash, parentHash, mixHash) are replaced by
 * their heights.
 */
class SightDifferentialTest {
    private static final Caller OTHER = SightNetwork.user(TwinNetwork.OTHER);
    private static final int RANDOM_QUESTIONS = 3_000;

    /** Two transcripts, and where they differ. */
    private record Comparison(int lines, Map<String, String> differences) {}

    private static Comparison compare(Hidden left, Hidden right, Accounts accounts, Blocks blocks, Caller caller) {
        List<TwinNetwork> networks = List.of(new TwinNetwork(left, accounts), new TwinNetwork(right, accounts));
        List<Questioner> questioners = new ArrayList<>();
        Set<String> hashes = new LinkedHashSet<>();
        for (TwinNetwork network : networks) {
            Questioner questioner = new Questioner(network, caller);
            network.live(blocks, questioner::look);
            questioners.add(questioner);
            hashes.addAll(network.openHashes);
            hashes.addAll(network.hiddenHashes);
        }
        List<String> contracts =
                TwinNetwork.addresses().stream().map(Address::hex).toList();
        List<List<Questioner.Line>> transcripts = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            questioners.get(i).askForEverything(caller, List.copyOf(hashes), contracts);
            new Chance(questioners.get(i), List.copyOf(hashes), contracts).ask(RANDOM_QUESTIONS);
            transcripts.add(questioners.get(i).transcript(networks.get(i).namesOfBlocks()));
        }
        return new Comparison(
                transcripts.getFirst().size(), Questioner.differences(transcripts.getFirst(), transcripts.getLast()));
    }

    /** Questions by the schemas of the methods, the same for both networks. */
    private static final class Chance {
        private final Random random = new Random(20_261_127);
        private final ApiDocument document = ApiDocument.ours();
        private final Questioner questioner;
        private final Map<String, List<String>> known = new LinkedHashMap<>();

        Chance(Questioner questioner, List<String> hashes, List<String> contracts) {
            this.questioner = questioner;
            known.put("hash32", hashes);
            known.put("address", contracts);
            known.put("bytes32", List.of("0x" + "00".repeat(32), "0x%064x".formatted(1), "0x%064x".formatted(7)));
            known.put("uint64", List.of("0x0", "0x1", "0x2", "0x5"));
            known.put("uint", List.of("0x0", "0x1", "0x3", "0x6"));
            known.put("BlockTag", List.of("latest", "pending", "earliest"));
            known.put("bytes", List.of("0x", "0x11223344"));
        }

        void ask(int questions) {
            List<String> methods = new ArrayList<>(document.names());
            methods.removeIf(method ->
                    method.startsWith("eth_send") || method.startsWith("eth_new") || method.contains("ubscribe"));
            for (int i = 0; i < questions; i++) {
                String method = methods.get(i % methods.size());
                SchemaValues values = new SchemaValues(document, random, this::known);
                ArrayNode params = Rpc.MAPPER.createArrayNode();
                for (JsonNode parameter : document.method(method).get("params")) {
                    params.add(values.value(parameter.get("schema")));
                }
                ObjectNode request = Rpc.MAPPER.createObjectNode();
                request.put("jsonrpc", "2.0").put("id", i).put("method", method);
                request.set("params", params);
                questioner.sent(method, Rpc.MAPPER.writeValueAsBytes(request));
            }
        }

        private @Nullable JsonNode known(String schema) {
            List<String> values = known.get(schema);
            return values == null || random.nextInt(8) == 0
                    ? null
                    : Rpc.MAPPER.getNodeFactory().stringNode(values.get(random.nextInt(values.size())));
        }
    }

    @ParameterizedTest
    @CsvSource({"OPEN, APART", "OPEN, MIXED", "OWN, APART", "OWN, MIXED"})
    void shouldTellOutsidersTheSameWhateverIsHidden(Accounts accounts, Blocks blocks) {
        for (Caller caller : List.of(Caller.ANONYMOUS, OTHER)) {
            Comparison compared = compare(Hidden.FIRST, Hidden.SECOND, accounts, blocks, caller);
            System.out.printf(
                    "%s, accounts %s, blocks %s: %,d lines, %d differences%n",
                    caller.getClass().getSimpleName(),
                    accounts,
                    blocks,
                    compared.lines(),
                    compared.differences().size());
            assertThat(compared.differences()).isEmpty();
            assertThat(compared.lines()).isGreaterThan(RANDOM_QUESTIONS);
        }
    }

    @Test
    void shouldTellOutsidersTheSameWhetherAnythingHappensWhereAccountsAreOnesOwn() {
        for (Caller caller : List.of(Caller.ANONYMOUS, OTHER)) {
            assertThat(compare(Hidden.NOTHING, Hidden.FIRST, Accounts.OWN, Blocks.APART, caller)
                            .differences())
                    .isEmpty();
        }
    }

    /** What docs/security.md says that an outsider can still learn, and nothing else. */
    @Test
    void shouldGiveAwayNoMoreThanTheDocumentsSay() {
        assertThat(compare(Hidden.NOTHING, Hidden.FIRST, Accounts.OPEN, Blocks.APART, OTHER)
                        .differences()
                        .keySet())
                .as("balances and nonces, where they are everybody's")
                .isSubsetOf("eth_getBalance", "eth_getTransactionCount")
                .isNotEmpty();
        assertThat(compare(Hidden.NOTHING, Hidden.FIRST, Accounts.OWN, Blocks.MIXED, OTHER)
                        .differences())
                .as("that a block with something visible has something hidden, too")
                .isNotEmpty()
                .allSatisfy((subject, difference) -> assertThat(difference.replaceAll(
                                "\"(transactionsRoot|receiptsRoot|requestsHash)\":\"[^\"]*\"", ""))
                        .satisfies(SightDifferentialTest::assertSameHalves));
    }

    /** Of a difference: question and answer of one, then of the other. */
    private static void assertSameHalves(String difference) {
        List<String> parts = difference.lines().map(String::strip).toList();
        assertThat(parts.subList(0, 2)).isEqualTo(parts.subList(2, 4));
    }

    @Test
    void shouldAnswerAsWithoutTheFeatureWhereNothingIsConfidential() {
        AccessSettings restricted = new AccessSettings(
                AccessSettings.Contracts.OPEN,
                AccessSettings.Senders.BOUND,
                Accounts.OPEN,
                false,
                List.of(),
                List.of(),
                Set.of("acme"));
        Map<AccessSettings, Caller> sides = new LinkedHashMap<>();
        sides.put(AccessSettings.OPEN, Caller.ANONYMOUS);
        sides.put(restricted, OTHER);
        List<List<Questioner.Line>> transcripts = new ArrayList<>();
        sides.forEach((settings, caller) -> {
            TwinNetwork network = new TwinNetwork(Hidden.NOTHING_CONFIDENTIAL, settings);
            Questioner questioner = new Questioner(network, caller);
            network.live(Blocks.MIXED, questioner::look);
            List<String> contracts =
                    TwinNetwork.addresses().stream().map(Address::hex).toList();
            questioner.askForEverything(OTHER, network.openHashes, contracts);
            transcripts.add(questioner.transcript(Map.of()));
        });
        System.out.printf(
                "with and without the feature: %,d lines%n",
                transcripts.getFirst().size());
        assertThat(Questioner.differences(transcripts.getFirst(), transcripts.getLast()))
                .isEmpty();
    }

    /** The same questions, put by somebody from whom nothing is hidden, as if there were no filter. */
    @Test
    void shouldNoticeByEveryMethodWhenNothingIsFiltered() {
        Set<String> silent = new TreeSet<>();
        SightQuestions.ROWS.forEach((method, row) -> {
            // An outsider has no encoded block to offer it.
            if (!row.facet().equals("nothing") && !method.equals("debug_traceBlock")) {
                silent.add(method);
            }
        });
        silent.addAll(List.of("eth_subscription", "eth_getFilterChanges", "txpool_content", "proofs of transactions"));
        Map<String, String> differences = compare(
                        Hidden.NOTHING, Hidden.FIRST, Accounts.OWN, Blocks.APART, TwinNetwork.AUDITOR)
                .differences();
        silent.removeAll(differences.keySet());
        assertThat(silent).isEmpty();
    }
}
