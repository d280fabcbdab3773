package coco.ledgers.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.Offer;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.testing.SingleNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who reads and writes what, under each setting that members have. */
class KvRightsTest {
    private static final byte[] ALICE = address(1);
    private static final byte[] BOB = address(2);
    private static final byte[] STRANGER = address(3);
    private static final String OF_ALICE = "0x" + HexFormat.of().formatHex(ALICE) + "/order";
    private static final String OF_BOB = "0x" + HexFormat.of().formatHex(BOB) + "/order";
    private static final List<String> KEYS = List.of("shared", OF_ALICE, OF_BOB);

    private final SingleNode node = new SingleNode(new KvLedgerFactory(), "");
    private final Map<String, Caller> callers = new LinkedHashMap<>();
    private final Map<String, byte[]> transactions = new LinkedHashMap<>();

    private static byte[] address(int number) {
        byte[] address = new byte[20];
        Arrays.fill(address, (byte) (number * 17));
        return address;
    }

    KvRightsTest() throws Exception {
        callers.put("nobody", Caller.ANONYMOUS);
        callers.put("alice", new Caller.User("kv", ALICE));
        callers.put(
                "alice, lent nothing",
                new Caller.User("kv", ALICE, new Caller.Scope(Caller.Scope.Kind.SESSION, List.of())));
        callers.put(
                "alice's wallet",
                new Caller.User("kv", ALICE, new Caller.Scope(Caller.Scope.Kind.WALLET, List.of("*"))));
        callers.put("bob", new Caller.User("kv", BOB));
        callers.put("not enrolled", new Caller.User("kv", STRANGER));
        callers.put("auditor of all", new Caller.Auditor("all"));
        callers.put("auditor of one", new Caller.Auditor("one"));
        callers.put("auditor of another ledger", new Caller.Auditor("other"));
        callers.put("auditor of old", new Caller.Auditor("over"));
        callers.put("auditor of none", new Caller.Auditor("none"));
        node.enrol(ALICE, new Enrolment("acme", 0, 0, 0)).enrol(BOB, new Enrolment("acme", 0, 0, 0));
        for (String key : KEYS) {
            call(Caller.ANONYMOUS, "PUT", "/kv/*", key, Map.of("id", key.substring(2, 6)), "secret");
            KvTransaction written = new KvTransaction(key.substring(2, 6), bytes(key), bytes("secret"));
            transactions.put(key, written.id());
        }
    }

    private static AccessSettings settings(
            AccessSettings.Contracts contracts, AccessSettings.Senders senders, boolean anonymousReads) {
        return new AccessSettings(
                contracts,
                senders,
                AccessSettings.Accounts.OWN,
                anonymousReads,
                List.of(),
                List.of(
                        new AccessSettings.Grant("all", List.of("*"), 1_000),
                        new AccessSettings.Grant(
                                "one", List.of("kv:" + HexFormat.of().formatHex(bytes(OF_BOB))), 1_000),
                        new AccessSettings.Grant("other", List.of("ethereum:" + "11".repeat(20)), 1_000),
                        new AccessSettings.Grant("over", List.of("*"), 1)),
                Set.of("acme"));
    }

    private static Offer offer(String key) {
        KvTransaction transaction = new KvTransaction("9", bytes(key), bytes("new"));
        return new Offer(KvLedger.ID, transaction.id(), transaction.encode());
    }

    /** Rows: the caller, the statuses of reading and writing each key, and the keys that it finds in the list. */
    private Map<String, String> matrix() throws Exception {
        Map<String, String> rows = new LinkedHashMap<>();
        for (Map.Entry<String, Caller> caller : callers.entrySet()) {
            StringBuilder row = new StringBuilder();
            for (String key : KEYS) {
                Endpoint.Reply read = call(caller.getValue(), "GET", "/kv/*", key, Map.of(), "");
                row.append(read.status()).append(' ');
                assertThat(node.ledger().shows(caller.getValue(), transactions.getOrDefault(key, new byte[0])))
                        .as("%s and the receipt of %s", caller.getKey(), key)
                        .isEqualTo(read.status() == 200);
                assertThat(node.ledger().showsWaiting(caller.getValue(), offer(key)))
                        .as("%s and the status of what is not in a block yet, of %s", caller.getKey(), key)
                        .isEqualTo(read.status() == 200);
            }
            assertThat(node.ledger().showsAll(caller.getValue()))
                    .as("%s, and answers at once", caller.getKey())
                    .isEqualTo(row.toString().equals("200 200 200 "));
            row.append('|');
            for (String key : KEYS) {
                row.append(' ')
                        .append(call(caller.getValue(), "PUT", "/kv/*", key, Map.of(), "secret")
                                .status());
            }
            String list = text(call(caller.getValue(), "GET", "/kv", "", Map.of(), ""));
            row.append(" | ").append(KEYS.stream().filter(list::contains).count());
            rows.put(caller.getKey(), row.toString());
        }
        assertThat(node.openViews()).isZero();
        return rows;
    }

    @Test
    void shouldLetEverybodyReadAndWriteWhereNothingIsRestricted() throws Exception {
        node.access(settings(AccessSettings.Contracts.OPEN, AccessSettings.Senders.ANY, true));

        Map<String, String> expected = new LinkedHashMap<>();
        callers.forEach((name, caller) -> expected.put(name, "200 200 200 | 200 200 200 | 3"));
        expected.put("alice's wallet", "403 403 403 | 403 403 403 | 0");
        for (String auditor : List.of("all", "one", "another ledger", "old", "none")) {
            expected.put("auditor of " + auditor, "200 200 200 | 403 403 403 | 3");
        }
        assertThat(matrix()).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void shouldAnswerUsersOnlyInAConsortium() throws Exception {
        node.access(settings(AccessSettings.Contracts.OPEN, AccessSettings.Senders.BOUND, false));

        assertThat(matrix())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("nobody", "401 401 401 | 401 401 401 | 0"),
                        Map.entry("alice", "200 200 200 | 200 200 200 | 3"),
                        Map.entry("alice, lent nothing", "200 200 200 | 200 200 200 | 3"),
                        Map.entry("alice's wallet", "403 403 403 | 403 403 403 | 0"),
                        Map.entry("bob", "200 200 200 | 200 200 200 | 3"),
                        Map.entry("not enrolled", "403 403 403 | 403 403 403 | 0"),
                        Map.entry("auditor of all", "200 200 200 | 403 403 403 | 3"),
                        Map.entry("auditor of one", "404 404 200 | 403 403 403 | 1"),
                        Map.entry("auditor of another ledger", "403 403 403 | 403 403 403 | 0"),
                        Map.entry("auditor of old", "403 403 403 | 403 403 403 | 0"),
                        Map.entry("auditor of none", "403 403 403 | 403 403 403 | 0")));
    }

    @Test
    void shouldLetNobodyWriteUnknownWhereSendersAreBoundAndAnybodyReads() throws Exception {
        node.access(settings(AccessSettings.Contracts.OPEN, AccessSettings.Senders.BOUND, true));
        assertThat(matrix())
                .containsEntry("nobody", "200 200 200 | 401 401 401 | 3")
                .containsEntry("alice", "200 200 200 | 200 200 200 | 3")
                .containsEntry("auditor of one", "200 200 200 | 403 403 403 | 3");
    }

    @Test
    void shouldKeepKeysToTheirOwnersWhereContractsAreTheirParticipants() throws Exception {
        node.access(settings(AccessSettings.Contracts.PARTICIPANTS, AccessSettings.Senders.BOUND, false));

        assertThat(matrix())
                .containsEntry("nobody", "401 401 401 | 401 401 401 | 0")
                .containsEntry("alice", "404 200 404 | 403 200 403 | 1")
                .containsEntry("bob", "404 404 200 | 403 403 200 | 1")
                .containsEntry("alice, lent nothing", "403 403 403 | 403 403 403 | 0")
                .containsEntry("not enrolled", "403 403 403 | 403 403 403 | 0")
                .containsEntry("auditor of all", "200 200 200 | 403 403 403 | 3")
                .containsEntry("auditor of one", "404 404 200 | 403 403 403 | 1");
        for (String prefix : List.of("0x", OF_ALICE.substring(0, 30), OF_ALICE, OF_BOB, "0y")) {
            String expected = OF_ALICE.startsWith(prefix) ? OF_ALICE : "\"entries\":[]";
            assertThat(text(call(new Caller.User("kv", ALICE), "GET", "/kv", "", Map.of("prefix", prefix), "")))
                    .as(prefix)
                    .contains(expected)
                    .doesNotContain(OF_BOB);
        }
        assertThat(node.access(settings(AccessSettings.Contracts.PARTICIPANTS, AccessSettings.Senders.ANY, true)))
                .isNotNull();
        assertThat(matrix())
                .containsEntry("nobody", "401 401 401 | 401 401 401 | 0")
                .containsEntry("alice", "404 200 404 | 403 200 403 | 1");
    }

    @Test
    void shouldSayTheSameOfHiddenKeysAsOfThoseThatAreNotThere() throws Exception {
        node.access(settings(AccessSettings.Contracts.PARTICIPANTS, AccessSettings.Senders.BOUND, false));
        Caller alice = new Caller.User("kv", ALICE);
        assertThat(text(call(alice, "GET", "/kv/*", OF_BOB, Map.of(), "")))
                .isEqualTo(text(call(alice, "GET", "/kv/*", "nothing", Map.of(), "")));
        Endpoint.Reply nobody = call(Caller.ANONYMOUS, "GET", "/kv/*", "nothing", Map.of(), "");
        assertThat(text(nobody))
                .isEqualTo("{\"error\":\"sign in: this service answers nobody who gives no identity\"}");
        assertThat(nobody.headers()).containsEntry("WWW-Authenticate", "Bearer");
    }

    @Test
    void shouldAnswerAnAuditorOnlyWhatIsRecordedToHaveBeenAsked() throws Exception {
        node.access(settings(AccessSettings.Contracts.OPEN, AccessSettings.Senders.BOUND, false));
        Caller auditor = new Caller.Auditor("all");
        call(auditor, "GET", "/kv/*", "shared", Map.of(), "");
        call(auditor, "GET", "/kv", "", Map.of(), "");
        node.ledger().shows(auditor, new byte[32]);
        assertThat(node.uses()).containsExactly("all get [736861726564]", "all list []", "all receipt []");

        node.recording(false);
        assertThatThrownBy(() -> call(auditor, "GET", "/kv/*", "shared", Map.of(), ""))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> call(auditor, "GET", "/kv", "", Map.of(), ""))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> node.ledger().shows(auditor, new byte[32])).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> node.ledger().showsWaiting(auditor, offer("shared")))
                .isInstanceOf(UnavailableException.class);
        assertThat(node.openViews()).isZero();
    }

    @Test
    void shouldRefuseManyWritesForOneThatMayNotBe() throws Exception {
        node.access(settings(AccessSettings.Contracts.PARTICIPANTS, AccessSettings.Senders.BOUND, false));
        String body = "[{\"key\":\"" + OF_ALICE + "\",\"value\":\"changed\"},{\"key\":\"" + OF_BOB + "\"}]";
        Caller alice = new Caller.User("kv", ALICE);
        assertThat(call(alice, "POST", "/kv", "", Map.of(), body).status()).isEqualTo(403);
        assertThat(node.state().get(KvLedger.DATA, bytes(OF_ALICE))).isEqualTo(bytes("secret"));
        assertThat(node.state().get(KvLedger.DATA, bytes(OF_BOB))).isEqualTo(bytes("secret"));
    }

    private Endpoint.Reply call(
            Caller caller, String method, String path, String rest, Map<String, String> query, String body)
            throws Exception {
        return node.ledger().endpoints().stream()
                .filter(endpoint ->
                        endpoint.method().equals(method) && endpoint.path().equals(path))
                .findFirst()
                .orElseThrow()
                .handler()
                .handle(new Endpoint.Request(caller, rest, query, bytes(body), false));
    }

    private static String text(Endpoint.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
