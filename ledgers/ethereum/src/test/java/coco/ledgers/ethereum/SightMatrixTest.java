package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.Caller;
import coco.ledgers.api.Offer;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Every method × identity × content, by a table that was written by hand from the design of confidentiality. An answer
 * shows something exactly if it differs from the one about what was never there; so what is hidden is absent to the
 * byte.
 */
class SightMatrixTest {
    /** What an answer shows: by facet and content, for the identities in the order of the heading. */
    private static final String TABLE = """
            facet    content     anonymous other reader caller sender auditor
            tx       open        + + + + + +
            tx       readable    - - + - - +
            tx       unreadable  - - - - - +
            tx       child       - - + - - +
            tx       failed      - - - - + +
            tx       destroyed   - - - - + +
            tx       denied      - - - - + +
            tx       routed      + + + + + +
            tx       called      - - + + - +
            tx       proxied     + + + + + +
            tx       multicall   + + + + + +
            tx       delegated   + + + + + +
            tx       factory     + + + + + +
            tx       upgradeable - - + - - +
            tx       killed      - - + - - +
            tx       listed      - - + - - +
            tx       naming      - - - - + +
            block    open        + + + + + +
            block    readable    - + + + + +
            block    unreadable  - - - - - +
            block    child       - - + - - +
            block    failed      - - - - + +
            block    destroyed   - - - - + +
            block    denied      - - - - + +
            block    routed      + + + + + +
            block    called      - - + + - +
            block    proxied     + + + + + +
            block    multicall   + + + + + +
            block    delegated   + + + + + +
            block    factory     + + + + + +
            block    upgradeable - - + - - +
            block    killed      - - + - - +
            block    listed      - - + - - +
            block    naming      - - + - + +
            logs     open        + + + + + +
            logs     readable    - + + + + +
            logs     unreadable  - - - - - +
            logs     child       - - + - - +
            logs     failed      - - - - - -
            logs     destroyed   - - - - - -
            logs     denied      - - - - - -
            logs     routed      + + + + + +
            logs     called      - - + - - +
            logs     proxied     + + + + + +
            logs     multicall   + + + + + +
            logs     delegated   + + + + + +
            logs     factory     + + + + + +
            logs     upgradeable - - + - - +
            logs     killed      - - - - - -
            logs     listed      - - + - - +
            logs     naming      - - + - + +
            state    open        + + + + + +
            state    readable    - - + - - +
            state    unreadable  - - - - - +
            state    child       - - + - - +
            state    failed      - - - - - -
            state    destroyed   - - - - - -
            state    denied      - - + - - +
            state    routed      + + + + + +
            state    called      - - + - - +
            state    proxied     + + + + + +
            state    multicall   + + + + + +
            state    delegated   + + + + + +
            state    factory     - - + - - +
            state    upgradeable - - + - - +
            state    killed      - - + - - +
            state    listed      - - + - - +
            state    naming      - - + - + +
            signed   open        - - - - + +
            signed   readable    - - - - - +
            signed   unreadable  - - - - - +
            signed   child       - - - - - +
            signed   failed      - - - - - -
            signed   destroyed   - - - - - -
            signed   denied      - - - - - +
            signed   routed      - - - - + +
            signed   called      - - - - - +
            signed   proxied     - - - - + +
            signed   multicall   - - - - + +
            signed   delegated   - - - - + +
            signed   factory     - - - - - +
            signed   upgradeable - - - - - +
            signed   killed      - - - - - +
            signed   listed      - - - - - +
            signed   naming      - - - - + +
            trace    open        + + + + + +
            trace    readable    - - + - - +
            trace    unreadable  - - - - - +
            trace    child       - - + - - +
            trace    failed      - - - - x +
            trace    destroyed   - - - - x +
            trace    denied      - - - - x +
            trace    routed      x x x x x +
            trace    called      - - + x - +
            trace    proxied     x x + x x +
            trace    multicall   x x x x x +
            trace    delegated   x x x x x +
            trace    factory     x x + x x +
            trace    upgradeable - - + - - +
            trace    killed      - - + - - +
            trace    listed      - - + - - +
            trace    naming      - - - - x +
            traces   open        + + + + + +
            traces   readable    - - + - - +
            traces   unreadable  - - - - - +
            traces   child       - - + - - +
            traces   failed      - - - - - +
            traces   destroyed   - - - - - +
            traces   denied      - - - - - +
            traces   routed      - - - - - +
            traces   called      - - + - - +
            traces   proxied     - - + - - +
            traces   multicall   - - - - - +
            traces   delegated   - - - - - +
            traces   factory     - - + - - +
            traces   upgradeable - - + - - +
            traces   killed      - - + - - +
            traces   listed      - - + - - +
            traces   naming      - - - - - +
            whole    open        - - - - - +
            whole    readable    - - - - - +
            whole    unreadable  - - - - - +
            whole    child       - - - - - +
            whole    failed      - - - - - ?
            whole    destroyed   - - - - - ?
            whole    denied      - - - - - +
            whole    routed      - - - - - +
            whole    called      - - - - - +
            whole    proxied     - - - - - +
            whole    multicall   - - - - - +
            whole    delegated   - - - - - +
            whole    factory     - - - - - +
            whole    upgradeable - - - - - +
            whole    killed      - - - - - +
            whole    listed      - - - - - +
            whole    naming      - - - - - +
            nothing  open        - - - - - -
            nothing  readable    - - - - - -
            nothing  unreadable  - - - - - -
            nothing  child       - - - - - -
            nothing  failed      - - - - - -
            nothing  destroyed   - - - - - -
            nothing  denied      - - - - - -
            nothing  routed      - - - - - -
            nothing  called      - - - - - -
            nothing  proxied     - - - - - -
            nothing  multicall   - - - - - -
            nothing  delegated   - - - - - -
            nothing  factory     - - - - - -
            nothing  upgradeable - - - - - -
            nothing  killed      - - - - - -
            nothing  listed      - - - - - -
            nothing  naming      - - - - - -
            """;

    /** Open contracts through which somebody tried to reach a hidden one. */
    private static final Set<String> THROUGH = Set.of("routed", "proxied", "multicall", "delegated");

    private final SightNetwork network = new SightNetwork();
    private final Map<String, Map<String, List<String>>> table = table();

    /** Facet → content → what each identity is shown. */
    private static Map<String, Map<String, List<String>>> table() {
        Map<String, Map<String, List<String>>> table = new LinkedHashMap<>();
        TABLE.lines().skip(1).forEach(line -> {
            List<String> words = List.of(line.trim().split("\\s+"));
            table.computeIfAbsent(words.get(0), facet -> new LinkedHashMap<>())
                    .put(words.get(1), words.subList(2, words.size()));
        });
        return table;
    }

    private Map<String, List<String>> facet(String name) {
        return Objects.requireNonNull(table.get(name));
    }

    private SightNetwork.Content content(String name) {
        return Objects.requireNonNull(network.contents.get(name));
    }

    private Object[] params(String method, SightNetwork.Content of, Caller who) {
        Object[] params = SightQuestions.row(method).params().apply(of, who);
        for (int i = 0; i < params.length; i++) {
            if (params[i].equals("filter")) {
                Object query = Map.of("fromBlock", of.block(), "toBlock", of.block());
                params[i] = network.ask(who, "eth_newFilter", query).get("result");
            } else if (params[i].equals("raw block")) {
                params[i] = network.truth("debug_getRawBlock", of.block());
            } else if (params[i].equals("raw transaction")) {
                params[i] = Rpc.raw(Keys.transfer(1_000)
                        .gasLimit(1_000_000)
                        .to(of.address())
                        .data(new byte[] {1, 2, 3, 4})
                        .sign(Keys.CURVE, Keys.secret(SightNetwork.SENDER)));
            }
        }
        return params;
    }

    /** An answer without what names the thing asked about, and what every block and transaction has of its own. */
    private static String normal(JsonNode answer, SightNetwork.Content of) {
        String text = answer.toString()
                .replace(of.hash(), "HASH")
                .replace(of.blockHash(), "BLOCK")
                .replace(of.parentHash(), "PARENT")
                .replace(of.address().hex(), "ADDRESS")
                .replace(of.address().hex().substring(2), "ADDRESS")
                .replace(of.address().checksumHex(), "ADDRESS");
        return text.replaceAll(
                "\"(number|parentHash|timestamp|mixHash|blockTimestamp|blockNumber|oldestBlock|hash|raw|v|r|s|yParity"
                        + "|transactionsRoot|transactions)\":(\"[^\"]*\"|\\[(\"[^\"]*\",?)+\\])",
                "\"$1\":0");
    }

    private String shown(String method, String content, Caller who) {
        SightNetwork.Content of = content(content);
        SightNetwork.Content nothing = content("nothing");
        JsonNode answer = network.ask(who, method, params(method, of, who));
        if (answer.toString().contains("block is not traceable")) {
            return "x";
        }
        String absent = normal(network.ask(who, method, params(method, nothing, who)), nothing);
        String seen = normal(answer, of);
        boolean sameTransactions = answer.path("result").path("transactions").isEmpty();
        return seen.equals(absent) && sameTransactions ? "-" : "+";
    }

    private boolean mayHaveSecret(String content, int identity) {
        return Objects.requireNonNull(facet("state").get(content)).get(identity).equals("+")
                && !THROUGH.contains(content);
    }

    /** Differences from the table, for one method. */
    private List<String> differences(String method) {
        List<String> differences = new ArrayList<>();
        String facet = SightQuestions.row(method).facet();
        facet(facet).forEach((content, expected) -> {
            int i = 0;
            for (Map.Entry<String, Caller> identity : SightNetwork.IDENTITIES.entrySet()) {
                String wanted = expected.get(i);
                String shown = wanted.equals("?") ? "?" : shown(method, content, identity.getValue());
                if (!shown.equals(wanted)) {
                    differences.add(method + " of " + content + " to " + identity.getKey() + ": " + shown + " and not "
                            + wanted);
                }
                i++;
            }
        });
        return differences;
    }

    /** Where a secret is in an answer to somebody who may not read its contract. */
    private List<String> leaks(String method) {
        List<String> leaks = new ArrayList<>();
        facet("state").keySet().forEach(content -> {
            int i = 0;
            for (Map.Entry<String, Caller> identity : SightNetwork.IDENTITIES.entrySet()) {
                SightNetwork.Content of = content(content);
                boolean isReader =
                        identity.getKey().equals("reader") || identity.getKey().equals("auditor");
                boolean may = mayHaveSecret(content, i) || isReader || content.equals("open");
                JsonNode answer = network.ask(identity.getValue(), method, params(method, of, identity.getValue()));
                if (!may && answer.toString().contains(of.secret())) {
                    leaks.add(method + " of " + content + " to " + identity.getKey());
                }
                i++;
            }
        });
        return leaks;
    }

    @Test
    void shouldShowEachWhatTheTableSaysAndNothingElse() throws IOException {
        List<String> differences = new ArrayList<>();
        List<String> leaks = new ArrayList<>();
        for (String method : SightQuestions.ROWS.keySet()) {
            differences.addAll(differences(method));
            leaks.addAll(leaks(method));
        }
        System.out.println(SightQuestions.ROWS.size() + " methods × " + SightNetwork.IDENTITIES.size()
                + " identities × " + facet("tx").size() + " contents, " + differences.size() + " differences");
        assertThat(differences).isEmpty();
        assertThat(leaks).isEmpty();
        assertThat(page()).isEqualTo(Files.readString(PAGE));
    }

    @Test
    void shouldTurnRedForEachMethodWhenItsFilterIsTakenAway() {
        List<String> survivors = new ArrayList<>();
        int killed = 0;
        for (String method : SightQuestions.ROWS.keySet()) {
            if (SightQuestions.row(method).facet().equals("nothing")) {
                continue;
            }
            network.unfiltered = true;
            if (differences(method).isEmpty()) {
                survivors.add(method);
            } else {
                killed++;
            }
            network.unfiltered = false;
        }
        System.out.println(killed + " methods without their filter, each noticed");
        assertThat(survivors).isEmpty();
    }

    @Test
    void shouldAnswerTheSameToEverybodyWhatIsNoSecret() {
        for (String method : SightQuestions.SAME_FOR_ALL) {
            Object[] params = method.equals("web3_sha3") ? new Object[] {"0x01"} : new Object[0];
            Set<String> answers = new TreeSet<>();
            SightNetwork.IDENTITIES
                    .values()
                    .forEach(caller ->
                            answers.add(network.ask(caller, method, params).toString()));
            assertThat(answers).as(method).hasSize(1);
        }
    }

    @Test
    void shouldProveATransactionToWhomItIsShown() {
        facet("tx").forEach((content, expected) -> {
            byte[] hash = HexFormat.of().parseHex(content(content).hash().substring(2));
            int i = 0;
            for (Map.Entry<String, Caller> identity : SightNetwork.IDENTITIES.entrySet()) {
                assertThat(network.node.ledger().shows(identity.getValue(), hash))
                        .as(content + " to " + identity.getKey())
                        .isEqualTo(expected.get(i++).equals("+"));
            }
        });
    }

    @Test
    void shouldTellOfATransactionThatIsInNoBlockToItsSenderAlone() {
        Offer offer = TwinNetwork.offer(network.sign(SightNetwork.SENDER, null, new byte[0], 0), SightNetwork.SENDER);
        Offer malformed = new Offer(EthereumLedger.ID, offer.id(), new byte[] {1, 2, 3});
        SightNetwork.IDENTITIES.forEach((name, caller) -> {
            boolean seesAll = name.equals("auditor");
            assertThat(network.node.ledger().showsWaiting(caller, offer))
                    .as(name)
                    .isEqualTo(seesAll || name.equals("sender"));
            assertThat(network.node.ledger().showsWaiting(caller, malformed))
                    .as(name)
                    .isFalse();
            assertThat(network.node.ledger().showsAll(caller)).as(name).isEqualTo(seesAll);
        });
    }

    @Test
    void shouldTellEverybodyOfAWaitingTransactionWhereNothingIsConfidential() {
        SingleNode plain = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(1));
        Offer offer = TwinNetwork.offer(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0)), 0);
        assertThat(plain.ledger().showsAll(Caller.ANONYMOUS)).isTrue();
        assertThat(plain.ledger().showsWaiting(Caller.ANONYMOUS, offer)).isTrue();
    }

    @Test
    void shouldLookAtEveryMethodThereIs() {
        Set<String> known = new TreeSet<>(SightQuestions.ROWS.keySet());
        known.addAll(SightQuestions.SAME_FOR_ALL);
        known.addAll(SightQuestions.ELSEWHERE);
        Set<String> methods = new TreeSet<>();
        network.truth("rpc.discover")
                .get("methods")
                .forEach(method -> methods.add(method.get("name").asString()));
        assertThat(known).isEqualTo(methods);
    }

    // ---- the page ----

    private static final Path PAGE = Path.of(System.getProperty("coco.root"), "docs", "confidentiality-matrix.md");

    /** The table as people read it. */
    private String page() {
        StringBuilder page = new StringBuilder(HEADING);
        table.forEach((facet, contents) -> {
            List<String> methods = SightQuestions.ROWS.entrySet().stream()
                    .filter(row -> row.getValue().facet().equals(facet))
                    .map(row -> "`" + row.getKey() + "`")
                    .toList();
            page.append("\n## ")
                    .append(facet)
                    .append("\n")
                    .append(String.join(", ", methods))
                    .append("\n\n");
            page.append("| content | ")
                    .append(String.join(" | ", SightNetwork.IDENTITIES.keySet()))
                    .append(" |\n");
            page.append("|---".repeat(SightNetwork.IDENTITIES.size() + 1)).append("|\n");
            contents.forEach((content, cells) -> page.append("| ")
                    .append(content)
                    .append(" | ")
                    .append(String.join(" | ", cells))
                    .append(" |\n"));
        });
        return page.toString();
    }

    private static final String HEADING = """
            # Who sees what, by method

            Every method of JSON-RPC, asked by everybody about everything. `SightMatrixTest` asks all of it and compares;
            `SightMatrixIT` asks a network of three nodes over HTTP and WebSocket. This page is made from the table of the first,
            which was written by hand. `+`: the answer differs from the one about something that was never there.
            `-`: it is the same, to the byte. `x`: refused, since executing the block again would show what is hidden.
            `?`: not compared (a proof of absence differs from place to place).

            Who asks: **anonymous**, somebody without an identity where the members let anybody read, and so is whoever operates a node;
            **other**, a user whom no rule names; **reader**, who may read and call; **caller**, who may call and not
            read; **sender**, who sent what is open, failed, destroyed, denied, routed, multicall, delegated and naming;
            **auditor**, with a grant for everything.

            | content | a transaction, in a block of its own, and a contract |
            |---|---|
            | open | to a contract that anybody reads |
            | readable | to one that the reader may read, and that shows one of its events to any user |
            | unreadable | to one that only its owner may read |
            | child | by which one that the reader may read made a contract without a rule: the made one |
            | failed | a creation that reverted |
            | destroyed | a creation that destroyed what it made |
            | denied | of a stranger to a contract that refused it |
            | routed | through an open proxy to a contract that refused it: the proxy |
            | called | of the caller, to a contract that it may not read |
            | proxied | through an open proxy that the contract trusts: the proxy |
            | multicall | to an open contract that called an open one and one that refused: the first |
            | delegated | to an open contract that tried to run a hidden one's code: the first |
            | factory | by which an open factory made a contract with a rule: the made one |
            | upgradeable | to a proxy whose implementation has the rule |
            | killed | by which a contract with a rule destroyed itself |
            | listed | to a contract without a rule, whose sender named the reader |
            | naming | by which the sender deployed such a contract: the made one |
            """;
}
