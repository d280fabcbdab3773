package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.access.ReaderLists;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is told of who may see what, and to whom. */
class ExplainTest {
    private static final Caller AUDITOR = new Caller.Auditor("all");

    private final SightNetwork network = new SightNetwork();

    private SightNetwork.Content content(String name) {
        SightNetwork.Content content = network.contents.get(name);
        if (content == null) {
            throw new AssertionError(name);
        }
        return content;
    }

    private Endpoint.Reply ask(Caller caller, Map<String, String> query) {
        return ask(network.node, caller, query);
    }

    private static Endpoint.Reply ask(SingleNode node, Caller caller, Map<String, String> query) {
        try {
            return node.ledger().endpoints().stream()
                    .filter(each -> each.path().equals("/access/explain"))
                    .findFirst()
                    .orElseThrow()
                    .handler()
                    .handle(new Endpoint.Request(caller, "", query, new byte[0], false));
        } catch (UnavailableException refused) {
            throw refused;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private ObjectNode told(Caller caller, String name, @Nullable Integer user, boolean transaction) {
        SightNetwork.Content content = content(name);
        Map<String, String> query =
                new HashMap<>(Map.of("contract", content.address().checksumHex()));
        if (user != null) {
            query.put("user", Keys.address(user).checksumHex());
        }
        if (transaction) {
            query.put("transaction", content.hash());
        }
        Endpoint.Reply reply = ask(caller, query);
        ObjectNode tree = (ObjectNode) Rpc.MAPPER.readTree(reply.body());
        assertThat(reply.status()).as(tree.toString()).isEqualTo(200);
        assertThat(network.node.openViews()).isZero();
        return tree;
    }

    private static String rules(JsonNode tree) {
        StringBuilder rules = new StringBuilder(
                tree.get("decides").asString() + (tree.get("sees").asBoolean() ? " sees" : " hidden"));
        for (JsonNode reason : tree.get("reasons")) {
            rules.append(' ')
                    .append(reason.get("allows").asBoolean() ? '+' : '-')
                    .append(reason.get("rule").asString());
        }
        return rules.toString();
    }

    @Test
    void shouldSayToWhoSeesAContractWhy() {
        Caller reader = SightNetwork.user(SightNetwork.READER);
        assertThat(rules(told(reader, "open", null, false))).isEqualTo("open sees +mark");
        assertThat(rules(told(reader, "readable", null, false))).isEqualTo("canRead sees +mark +canRead +canCall");
        assertThat(rules(told(reader, "child", SightNetwork.READER, false)))
                .isEqualTo("canRead sees +mark +canRead +canCall");
        assertThat(told(reader, "child", null, false).toString())
                .as("the maker, which the reader sees")
                .contains(content("readable").address().checksumHex());
        assertThat(rules(told(Caller.ANONYMOUS, "open", null, false))).isEqualTo("open sees +mark");
        assertThat(rules(told(reader, "listed", null, false))).isEqualTo("readers sees +mark +readers");
        assertThat(told(SightNetwork.user(SightNetwork.SENDER), "denied", null, true)
                        .at("/transaction/decides")
                        .asString())
                .isEqualTo("sender");
    }

    /** Whatever is there, who does not see it gets the same bytes, but for what it asked itself. */
    @Test
    void shouldTellAnOutsiderNothing() {
        int compared = 0;
        for (Caller caller : List.of(
                Caller.ANONYMOUS,
                SightNetwork.user(SightNetwork.OTHER),
                new Caller.User(
                        "ethereum",
                        Keys.address(SightNetwork.READER).bytes(),
                        new Caller.Scope(Caller.Scope.Kind.SESSION, List.of())))) {
            ObjectNode absent = told(caller, "nothing", null, true);
            absent.remove("contract");
            for (String name : List.of("readable", "unreadable", "child", "denied", "listed", "naming")) {
                ObjectNode hidden = told(caller, name, null, !name.equals("readable") && !name.equals("child"));
                hidden.remove("contract");
                if (!hidden.has("transaction")) {
                    ObjectNode plain = told(caller, "nothing", null, false);
                    plain.remove("contract");
                    assertThat(hidden).as("%s to %s", name, caller).isEqualTo(plain);
                } else {
                    assertThat(hidden).as("%s to %s", name, caller).isEqualTo(absent);
                }
                compared++;
            }
        }
        System.out.printf("explained to outsiders: %d answers equal those of what is not there%n", compared);
        assertThat(compared).isEqualTo(18);
    }

    @Test
    void shouldTellOfOthersOnlyByAGrantForTheWholeState() {
        ObjectNode other = told(AUDITOR, "readable", SightNetwork.OTHER, true);
        assertThat(rules(other)).isEqualTo("canRead hidden +enrolment +mark -canRead -canCall");
        assertThat(other.at("/transaction/sees").asBoolean()).isFalse();
        assertThat(other.at("/transaction/touched/0/reads").asBoolean()).isFalse();
        assertThat(rules(told(AUDITOR, "listed", SightNetwork.OTHER, false)))
                .isEqualTo("readers hidden +enrolment +mark -readers");
        ObjectNode reader = told(AUDITOR, "readable", SightNetwork.READER, true);
        assertThat(rules(reader)).isEqualTo("canRead sees +enrolment +mark +canRead +canCall");
        assertThat(reader.at("/transaction/sees").asBoolean()).isTrue();
        assertThat(told(AUDITOR, "denied", SightNetwork.READER, true)
                        .at("/transaction/touched/0/denied")
                        .asBoolean())
                .isTrue();
        String named = HexFormat.of().formatHex(content("readable").address().bytes());
        assertThat(network.node.uses()).contains("all explain [" + named + "]");

        Map<String, String> ofReader = Map.of(
                "contract",
                content("readable").address().checksumHex(),
                "user",
                Keys.address(SightNetwork.READER).checksumHex());
        for (Caller caller : List.of(
                Caller.ANONYMOUS,
                SightNetwork.user(SightNetwork.OTHER),
                SightNetwork.user(SightNetwork.OWNER),
                new Caller.Auditor("none"))) {
            assertThat(ask(caller, ofReader).status()).as("%s", caller).isEqualTo(403);
        }
        network.node.recording(false);
        assertThatThrownBy(() -> ask(AUDITOR, ofReader)).isInstanceOf(UnavailableException.class);
    }

    /** Whether the system contract was used is nobody's to know. */
    @Test
    void shouldSayTheSameOfTheSystemContractWhetherOrNotItWasUsed() {
        SingleNode unused = new SingleNode(new EthereumLedgerFactory(), Keys.genesisWithReaders(1));
        Map<String, String> query = Map.of("contract", ReaderLists.ADDRESS.checksumHex());
        String words = "\"decides\":\"lists\"";
        for (Caller caller : List.of(Caller.ANONYMOUS, SightNetwork.user(SightNetwork.OTHER))) {
            String used = text(ask(network.node, caller, query));
            assertThat(used).contains(words);
            assertThat(text(ask(unused, caller, query)).replaceAll("\"(height|block|time)\":[^,]*,", ""))
                    .isEqualTo(used.replaceAll("\"(height|block|time)\":[^,]*,", ""));
        }
    }

    private static String text(Endpoint.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayOfMembersRulesAndOfSettings() {
        SightNetwork.Content readable = content("readable");
        String name = HexFormat.of().formatHex(readable.address().bytes());
        String onlyOwner = "{\"readers\":[\"" + Keys.address(SightNetwork.OWNER).checksumHex() + "\"]}";
        network.node.access(new AccessSettings(
                AccessSettings.Contracts.PARTICIPANTS,
                AccessSettings.Senders.BOUND,
                AccessSettings.Accounts.OPEN,
                false,
                List.of(new AccessSettings.ContractRule("ethereum", name, onlyOwner)),
                List.of(new AccessSettings.Grant("all", List.of("*"), Long.MAX_VALUE))));
        assertThat(rules(told(AUDITOR, "readable", SightNetwork.READER, false)))
                .isEqualTo("bound hidden -enrolment +mark -bound +canRead +canCall");
        assertThat(rules(told(AUDITOR, "open", SightNetwork.READER, false)))
                .isEqualTo("participants hidden -enrolment +mark -participants");
        assertThat(ask(Caller.ANONYMOUS, Map.of("contract", readable.address().checksumHex()))
                        .status())
                .isEqualTo(401);
        assertThat(rules(told(SightNetwork.user(SightNetwork.OWNER), "readable", null, false)))
                .isEqualTo("canRead sees +mark +bound +canRead +canCall");
    }

    @Test
    void shouldRefuseWhatIsNoQuestion() {
        String contract = content("open").address().checksumHex();
        for (Map<String, String> query : List.of(
                Map.<String, String>of(),
                Map.of("contract", "0x12"),
                Map.of("contract", contract, "user", "me"),
                Map.of("contract", contract, "transaction", contract),
                Map.of("contract", contract, "selector", "0x1"))) {
            assertThat(ask(Caller.ANONYMOUS, query).status()).as("%s", query).isEqualTo(400);
        }
    }
}
