package coco.governance.api;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.Action;
import coco.governance.BlockLimits;
import coco.governance.Consortium;
import coco.governance.Constitution;
import coco.governance.ContractAccess;
import coco.governance.GovernanceLimits;
import coco.governance.RaftNodes;
import coco.governance.cose.CoseSign1;
import coco.governance.document.Documents;
import coco.governance.ledger.GovernanceLedgerFactory;
import coco.governance.ledger.GovernanceOffers;
import coco.governance.ledger.History;
import coco.governance.ledger.JoinRequest;
import coco.governance.ledger.Message;
import coco.governance.rules.Choice;
import coco.governance.script.ScriptCall;
import coco.governance.script.ScriptEngineProcess;
import coco.governance.script.ScriptOutcome;
import coco.kv.Reader;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.testing.SingleNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The routes below /gov on a network of one; every answer is held against the OpenAPI document that describes it. */
final class GovernanceApiTest {
    private static final byte[] SERVICE = new byte[32];
    private static final BlockLimits SMALL = new BlockLimits(10, 5, 1 << 20, 4);
    private static final String NONE = "0".repeat(64);
    private static final Path DOCUMENT =
            Path.of(System.getProperty("coco.root", "..")).resolve("docs/governance-openapi.json");

    private final Consortium consortium = new Consortium();
    private final List<EventEndpoint.Event> heard = new ArrayList<>();
    private final SingleNode network = network();
    private final JsonNode openApi = Documents.json(body("GET", "/gov/openapi.json", "", Map.of(), new byte[0]), "");
    private int nonces;

    private SingleNode network() {
        Constitution constitution = consortium.of("alice", "bob", "carol");
        ServiceRecords records = new ServiceRecords() {
            @Override
            public List<Identity> identities(Reader state) {
                return List.of(new Identity(0, "pem", null, 0));
            }

            @Override
            public long epoch(Reader state) {
                return 0;
            }
        };
        RaftNodes raft = RaftNodes.listed(Set.of("node-alice", "node-bob", "node-carol"));
        GovernanceApi api = new GovernanceApi(new GovernanceApi.Parts(SERVICE, raft, records));
        return new SingleNode(
                new GovernanceLedgerFactory(
                        new GovernanceLedgerFactory.Parts(SERVICE, raft, new NoScripts(), api, api)),
                new String(Consortium.genesis(constitution).bytes(), StandardCharsets.UTF_8));
    }

    /** For rules that are data. */
    private static final class NoScripts implements ScriptEngineProcess {
        @Override
        public ScriptOutcome<String> run(ScriptCall call) {
            throw new AssertionError("no rule module is in force");
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void noViewIsLeftOpen() {
        assertThat(network.openViews()).isZero();
    }

    @Test
    void shouldBeWhatTheStoredDocumentSays() throws Exception {
        assertThat(new String(body("GET", "/gov/openapi.json", "", Map.of(), new byte[0]), StandardCharsets.UTF_8))
                .as("copy it to docs/governance-openapi.json")
                .isEqualTo(Files.readString(DOCUMENT));
    }

    @Test
    void shouldAnswerEveryRouteAsTheDocumentSays() {
        String id = propose(new Action.SetLimits(SMALL));
        network.submit(GovernanceOffers.join(new JoinRequest(
                consortium.node("node-dora", "alice", 9_500), "simulated", Consortium.MEASUREMENT, "1.0", true)));
        Set<String> asked = new TreeSet<>();
        for (String path : List.of("service", "constitution", "proposals", "history", "members", "nodes", "joins")) {
            assertThat(get("/gov/" + path, 200)).isNotEmpty();
            asked.add("GET /gov/" + path);
        }
        assertThat(get("/gov/joins", 200).required("joins")).hasSize(1);
        assertThat(get("/gov/proposals/" + id, 200).at("/proposal/state").asString())
                .isEqualTo("open");
        vote("bob", id, Choice.ACCEPT, 200);
        String other = propose(new Action.NewEpoch());
        withdraw("alice", other, 200);
        JsonNode question = Documents.object().put("proposal", id);
        assertThat(ask(question, 200).required("waitingFor")).hasSize(2);
        asked.addAll(List.of(
                "GET /gov/proposals/{id}",
                "POST /gov/proposals",
                "POST /gov/ballots",
                "POST /gov/withdrawals",
                "POST /gov/dry-run"));

        Set<String> described = new TreeSet<>();
        openApi.required("paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        described.remove("GET /gov/events");
        assertThat(asked).isEqualTo(described);
    }

    @Test
    void shouldShowHowAProposalIsDecidedAndWhatCameOfIt() {
        String id = propose(new Action.SetLimits(SMALL));
        assertThat(vote("alice", id, Choice.ACCEPT, 200)
                        .at("/proposal/waitingFor")
                        .size())
                .isEqualTo(2);
        JsonNode decided = vote("bob", id, Choice.ACCEPT, 200).required("proposal");

        assertThat(decided.required("state").asString()).isEqualTo("accepted");
        assertThat(get("/gov/constitution", 200)
                        .at("/document/limits/pipelineWindow")
                        .asInt())
                .isEqualTo(4);
        JsonNode before = call("GET", "/gov/constitution", "", Map.of("height", "2"), new byte[0], 200);
        assertThat(before.at("/document/limits/pipelineWindow").asInt()).isEqualTo(16);
        assertThat(get("/gov/history", 200).required("entries")).hasSize(3);
        assertThat(call("GET", "/gov/history", "", Map.of("from", "3", "limit", "1"), new byte[0], 200)
                        .required("entries"))
                .hasSize(1);
        JsonNode open = call("GET", "/gov/proposals", "", Map.of("state", "open"), new byte[0], 200);
        assertThat(open.required("proposals")).isEmpty();
    }

    @Test
    void shouldRefuseEverythingInOneShapeWithTheNameOfTheCheck() {
        String id = propose(new Action.SetLimits(SMALL));
        byte[] ballot = signed("bob", new Message.Vote(binding(), electorate(), id, Choice.ACCEPT));
        byte[] broken = ballot.clone();
        broken[broken.length - 1] ^= 1;

        assertThat(refused("POST", "/gov/ballots", "", new byte[] {1, 2}, 400)).isEqualTo("malformed-message");
        assertThat(refused("POST", "/gov/proposals", "", ballot, 400)).isEqualTo("wrong-kind");
        assertThat(refused("POST", "/gov/ballots", "", broken, 401)).isEqualTo("signature");
        assertThat(refused(
                        "POST",
                        "/gov/ballots",
                        "",
                        signed("mallory", new Message.Vote(binding(), electorate(), id, Choice.ACCEPT)),
                        401))
                .isEqualTo("unknown-signer");
        assertThat(refused(
                        "POST",
                        "/gov/ballots",
                        "",
                        signed("shop", new Message.Vote(binding(), electorate(), id, Choice.ACCEPT)),
                        403))
                .isEqualTo("not-a-member");
        call("POST", "/gov/ballots", "", Map.of(), ballot, 200);
        assertThat(refused("POST", "/gov/ballots", "", ballot, 409)).isEqualTo("replayed");
        assertThat(refused("GET", "/gov/proposals/*", NONE, new byte[0], 404)).isEqualTo("no-such-proposal");
        assertThat(refused("GET", "/gov/proposals/*", "../x", new byte[0], 404)).isEqualTo("no-such-proposal");
        assertThat(refused("POST", "/gov/dry-run", "", "{}".getBytes(StandardCharsets.UTF_8), 400))
                .isEqualTo("malformed-request");
        JsonNode later = call("GET", "/gov/constitution", "", Map.of("height", "99"), new byte[0], 404);
        assertThat(later.at("/error/code").asString()).isEqualTo("height-not-kept");
        call("GET", "/gov/constitution", "", Map.of("height", "-1"), new byte[0], 400);
        call("GET", "/gov/history", "", Map.of("from", "x"), new byte[0], 400);
        call("GET", "/gov/proposals", "", Map.of("state", "lost"), new byte[0], 400);
    }

    @Test
    void shouldSayBeforehandWhatWouldChangeAndWhoStillHasToVote() {
        String open = propose(new Action.NewEpoch());
        ObjectNode question = Documents.object().put("proposer", "alice");
        question.putArray("actions").add(new Action.RemoveMember("carol").toJson());
        JsonNode answer = ask(question, 200);

        assertThat(answer.required("applies").asBoolean()).isTrue();
        List<String> paths = new ArrayList<>();
        answer.required("changes")
                .forEach(change -> paths.add(change.required("path").asString()));
        assertThat(paths).contains("members[carol]", "nodes[node-carol]").doesNotContain("members[alice]");
        assertThat(answer.at("/consequences/newGeneration").asBoolean()).isTrue();
        assertThat(answer.at("/consequences/voids/0").asString()).isEqualTo(open);
        assertThat(answer.required("waitingFor")).hasSize(3);
        assertThat(answer.at("/now/decision").asString()).isEqualTo("open");
        assertThat(answer.at("/ifTheOthersAccept/decision").asString()).isEqualTo("accepted");

        ObjectNode impossible = Documents.object();
        impossible.putArray("actions").add(new Action.RemoveMember("nobody").toJson());
        JsonNode failed = ask(impossible, 200);
        assertThat(failed.required("applies").asBoolean()).isFalse();
        assertThat(failed.required("reason").asString()).contains("nobody");
        assertThat(network.blocks()).hasSize(2);
    }

    @Test
    void shouldNotHandOnWhatNoMemberSigned() throws Exception {
        String id = propose(new Action.SetLimits(SMALL));
        List<String> asked = new ArrayList<>();
        LedgerContext watched = (LedgerContext) Proxy.newProxyInstance(
                LedgerContext.class.getClassLoader(),
                new Class<?>[] {LedgerContext.class},
                (proxy, method, arguments) -> {
                    asked.add(method.getName());
                    return method.invoke(network, arguments);
                });
        Submissions submissions = new Submissions(watched, SERVICE);
        Message vote = new Message.Vote(binding(), electorate(), id, Choice.ACCEPT);
        byte[] broken = signed("bob", vote);
        broken[broken.length - 1] ^= 1;
        for (byte[] body : List.of(broken, signed("mallory", vote), signed("shop", vote))) {
            ApiReply refused = submissions.vote(new Endpoint.Request(Caller.ANONYMOUS, "", Map.of(), body, false));
            assertThat(refused.status()).isIn(401, 403);
        }
        assertThat(asked).contains("compute").doesNotContain("submit");
        submissions.vote(new Endpoint.Request(Caller.ANONYMOUS, "", Map.of(), signed("bob", vote), false));
        assertThat(asked).contains("submit");
    }

    @Test
    void shouldTellOfAllThatWasEverDecidedAlsoOfWhatTheStateHasForgotten() {
        int made = GovernanceLimits.HISTORY_ENTRIES + 30;
        network.mining(false);
        String last = "";
        for (int i = 0; i < made / 2; i++) {
            Message proposal = new Message.Propose(
                    binding(), HexFormat.of().formatHex(constitution().digest()), List.of(new Action.NewEpoch()), "");
            CoseSign1 signed = message("alice", proposal);
            last = HexFormat.of().formatHex(signed.contentDigest(CoseSign1.externalAad(SERVICE)));
            network.submit(GovernanceOffers.signed(signed, SERVICE));
            network.mine();
            Message withdrawal = new Message.Withdraw(binding(), electorate(), last, Message.Subject.PROPOSAL);
            network.submit(GovernanceOffers.signed(message("alice", withdrawal), SERVICE));
            network.mine();
        }
        assertThat(History.from(network.state(), 0, 0, 2_000)).hasSize(GovernanceLimits.HISTORY_ENTRIES);

        List<Long> heights = new ArrayList<>();
        JsonNode next = null;
        do {
            Map<String, String> query = next == null ? Map.of() : Map.of("from", next.stringValue());
            JsonNode page = call("GET", "/gov/history", "", query, new byte[0], 200);
            page.required("entries")
                    .forEach(entry -> heights.add(entry.required("height").asLong()));
            next = page.required("next");
        } while (next.isString());
        assertThat(heights).hasSize(made).isSorted().doesNotHaveDuplicates();
        assertThat(get("/gov/proposals/" + last, 200).at("/proposal/state").asString())
                .isEqualTo("withdrawn");
    }

    @Test
    void shouldAnswerInPagesOfSomeMegabytesWhateverIsAsked() {
        List<String> made = new ArrayList<>();
        for (String proposer : List.of("alice", "bob", "carol")) {
            for (int i = 0; i < 4; i++) {
                Message proposal = new Message.Propose(
                        binding(), HexFormat.of().formatHex(constitution().digest()), rules(i), proposer);
                made.add(call("POST", "/gov/proposals", "", Map.of(), signed(proposer, proposal), 200)
                        .required("id")
                        .asString());
            }
        }
        for (String path : List.of("/gov/proposals", "/gov/history")) {
            String name = path.substring("/gov/".length()).replace("history", "entries");
            List<JsonNode> found = new ArrayList<>();
            int pages = 0;
            JsonNode next = null;
            do {
                String parameter = name.equals("entries") ? "from" : "after";
                Map<String, String> query = next == null ? Map.of() : Map.of(parameter, next.stringValue());
                byte[] page = body("GET", path, "", query, new byte[0]);
                assertThat(page.length).as(path).isLessThan(Page.BYTES + (1 << 20));
                Documents.json(page, "").required(name).forEach(found::add);
                next = Documents.json(page, "").required("next");
                pages++;
            } while (next.isString());
            assertThat(found).as(path).hasSize(made.size()).doesNotHaveDuplicates();
            assertThat(pages).as(path).isGreaterThan(1);
        }
        call("GET", "/gov/proposals", "", Map.of("after", "7"), new byte[0], 400);
        call("GET", "/gov/joins", "", Map.of("after", "7"), new byte[0], 400);
    }

    private static List<Action> rules(int number) {
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String contract = "%04x%04x".formatted(number, i);
            actions.add(new Action.SetContractAccess(
                    new ContractAccess("kv", contract, "\"" + "x".repeat(15 << 10) + "\"")));
        }
        return actions;
    }

    @Test
    void shouldNotTryMoreThanAProposalMayAskFor() {
        ObjectNode question = Documents.object();
        ArrayNode actions = question.putArray("actions");
        for (int i = 0; i <= GovernanceLimits.ACTIONS; i++) {
            actions.add(new Action.NewEpoch().toJson());
        }
        assertThat(ask(question, 400).at("/error/code").asString()).isEqualTo("malformed-request");
        actions.remove(0);
        ask(question, 200);
        assertThat(network.shortWork()).isPositive();
        byte[] tooLong =
                ("{\"actions\":[],\"proposer\":\"" + "x".repeat(600 << 10) + "\"}").getBytes(StandardCharsets.UTF_8);
        call("POST", "/gov/dry-run", "", Map.of(), tooLong, 400);
    }

    @Test
    void shouldTellOfEverythingAndOfWhatWasMissed() {
        Runnable over = listen(null);
        String id = propose(new Action.RemoveMember("carol"));
        vote("alice", id, Choice.ACCEPT, 200);
        vote("bob", id, Choice.ACCEPT, 200);
        over.run();
        List<String> types = heard.stream().map(EventEndpoint.Event::type).toList();
        assertThat(types)
                .containsExactly(
                        "opened",
                        "proposal_opened",
                        "ballot_cast",
                        "ballot_cast",
                        "proposal_decided",
                        "constitution_changed",
                        "node_removed",
                        "generation_began");
        assertThat(heard)
                .allMatch(event -> valid("Event", Documents.json(event.data().utf8(), "")));

        List<EventEndpoint.Event> before = List.copyOf(heard);
        heard.clear();
        listen(before.get(2).id()).run();
        assertThat(heard.stream().skip(1).toList()).isEqualTo(before.subList(3, before.size()));
        assertThat(text(heard.getFirst())).contains("\"resumed\":true");
        heard.clear();
        listen("nonsense").run();
        assertThat(heard).hasSize(1);
        assertThat(text(heard.getFirst())).contains("\"resumed\":false");
    }

    private static String text(EventEndpoint.Event event) {
        return new String(event.data().utf8(), StandardCharsets.UTF_8);
    }

    private Runnable listen(@Nullable String lastEventId) {
        EventEndpoint endpoint = network.ledger().events().getFirst();
        return endpoint.acceptor()
                .open(new EventEndpoint.Opening(Caller.ANONYMOUS, Map.of(), lastEventId), new EventEndpoint.Stream() {
                    @Override
                    public boolean offer(EventEndpoint.Event event) {
                        return heard.add(event);
                    }

                    @Override
                    public void close() {}
                });
    }

    private Message.Binding binding() {
        String nonce = HexFormat.of().toHexDigits(0L) + HexFormat.of().toHexDigits((long) nonces++);
        return new Message.Binding(
                HexFormat.of().formatHex(SERVICE), constitution().generation(), 10_000, nonce);
    }

    private Constitution constitution() {
        return Constitution.read(network.state());
    }

    private String electorate() {
        return HexFormat.of().formatHex(constitution().electorateDigest());
    }

    private byte[] signed(String signer, Message message) {
        return message(signer, message).bytes();
    }

    private CoseSign1 message(String signer, Message message) {
        return CoseSign1.sign(
                consortium.signer(signer),
                CoseSign1.externalAad(SERVICE),
                CoseSign1.GOVERNANCE_CONTENT,
                message.payload());
    }

    @Test
    void shouldTakeNoMoreToTheLedgerOfAMemberWhoseMessagesItKeepsRefusing() {
        String id = propose(new Action.NewEpoch());
        byte[] ballot = signed("bob", new Message.Vote(binding(), electorate(), id, Choice.REJECT));
        call("POST", "/gov/ballots", "", Map.of(), ballot, 200);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < GovernanceLimits.REFUSALS_AT_ONCE + 20; i++) {
            JsonNode answer = Documents.json(
                    reply("POST", "/gov/ballots", "", Map.of(), ballot).body(), "");
            told.add(answer.at("/error/code").asString());
        }
        assertThat(told.subList(0, GovernanceLimits.REFUSALS_AT_ONCE)).containsOnly("replayed");
        assertThat(told.subList(GovernanceLimits.REFUSALS_AT_ONCE + 5, told.size()))
                .contains("too-many-messages");
        vote("carol", id, Choice.ACCEPT, 200);
    }

    private String propose(Action action) {
        Message proposal = new Message.Propose(
                binding(), HexFormat.of().formatHex(constitution().digest()), List.of(action), "because");
        return call("POST", "/gov/proposals", "", Map.of(), signed("alice", proposal), 200)
                .required("id")
                .asString();
    }

    private JsonNode vote(String signer, String id, Choice choice, int status) {
        byte[] message = signed(signer, new Message.Vote(binding(), electorate(), id, choice));
        return call("POST", "/gov/ballots", "", Map.of(), message, status);
    }

    private JsonNode withdraw(String signer, String id, int status) {
        byte[] message = signed(signer, new Message.Withdraw(binding(), electorate(), id, Message.Subject.PROPOSAL));
        return call("POST", "/gov/withdrawals", "", Map.of(), message, status);
    }

    private JsonNode ask(JsonNode question, int status) {
        return call("POST", "/gov/dry-run", "", Map.of(), question.toString().getBytes(StandardCharsets.UTF_8), status);
    }

    private JsonNode get(String path, int status) {
        String proposals = "/gov/proposals/";
        return path.startsWith(proposals)
                ? call("GET", proposals + "*", path.substring(proposals.length()), Map.of(), new byte[0], status)
                : call("GET", path, "", Map.of(), new byte[0], status);
    }

    private String refused(String method, String path, String rest, byte[] body, int status) {
        return call(method, path, rest, Map.of(), body, status)
                .at("/error/code")
                .asString();
    }

    /** Calls a route and holds the answer against what the document says of this route and status. */
    private JsonNode call(String method, String path, String rest, Map<String, String> query, byte[] body, int status) {
        Endpoint.Reply reply = reply(method, path, rest, query, body);
        JsonNode answer = Documents.json(reply.body(), "");
        assertThat(reply.status()).as(answer.toString()).isEqualTo(status);
        JsonNode described = openApi.required("paths")
                .required(path.replace("*", "{id}"))
                .required(method.toLowerCase(Locale.ROOT))
                .required("responses")
                .get(Integer.toString(status));
        assertThat(described).as(method + " " + path + " " + status).isNotNull();
        String reference =
                described.at("/content/application~1json/schema/$ref").asString();
        assertThat(valid(reference.substring(reference.lastIndexOf('/') + 1), answer))
                .isTrue();
        return answer;
    }

    private boolean valid(String schemaName, JsonNode value) {
        ObjectNode root = Documents.object().put("$ref", "#/components/schemas/" + schemaName);
        root.set("components", openApi.required("components"));
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(root);
        assertThat(schema.validate(value)).as(value.toString()).isEmpty();
        return true;
    }

    private byte[] body(String method, String path, String rest, Map<String, String> query, byte[] body) {
        return reply(method, path, rest, query, body).body();
    }

    private Endpoint.Reply reply(String method, String path, String rest, Map<String, String> query, byte[] body) {
        Endpoint endpoint = network.ledger().endpoints().stream()
                .filter(each -> each.method().equals(method) && each.path().equals(path))
                .findFirst()
                .orElseThrow();
        try {
            return endpoint.handler().handle(new Endpoint.Request(Caller.ANONYMOUS, rest, query, body, false));
        } catch (Exception failure) {
            throw new AssertionError(method + " " + path, failure);
        }
    }
}
