package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.ledgers.api.Caller;
import coco.ledgers.ethereum.access.ReaderLists;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Lists;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.Vaults;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What requests show of the contract that keeps lists of readers: its code, one's own lists, and nothing else. */
class SightListsTest {
    private static final Caller OWNER = SightNetwork.user(SightNetwork.OWNER);
    private static final Caller READER = SightNetwork.user(SightNetwork.READER);
    private static final Caller OTHER = SightNetwork.user(SightNetwork.OTHER);
    private static final Caller SENDER = SightNetwork.user(SightNetwork.SENDER);
    private static final String LISTS = ReaderLists.ADDRESS.hex();
    private static final String ZERO = "0x" + "00".repeat(32);
    private static final Address NETWORK = Address.fromHex("0xfffffffffffffffffffffffffffffffffffffffd");
    private static final List<Address> READERS = List.of(Keys.address(SightNetwork.READER));

    private final SightNetwork network = new SightNetwork();

    private SightNetwork.Content content(String name) {
        return Objects.requireNonNull(network.contents.get(name));
    }

    private String answer(Caller caller, String method, Object... params) {
        return network.ask(caller, method, params).toString();
    }

    private String result(Caller caller, String method, Object... params) {
        JsonNode answer = network.ask(caller, method, params);
        assertThat(answer.has("result")).as(answer.toString()).isTrue();
        return answer.get("result").asString();
    }

    private static String slot(SightNetwork.Content of, int number) {
        return "0x" + of.address().hex().substring(2) + "%024x".formatted(number);
    }

    private static Map<String, Object> call(@Nullable Address from, byte[] data) {
        Map<String, Object> call = new LinkedHashMap<>();
        if (from != null) {
            call.put("from", from.hex());
        }
        call.put("to", LISTS);
        call.put("data", Rpc.hex(data));
        return call;
    }

    /** A session to which nothing was lent. */
    private static Caller narrow(int key) {
        return new Caller.User(
                "ethereum", Keys.address(key).bytes(), new Caller.Scope(Caller.Scope.Kind.SESSION, List.of()));
    }

    @Test
    void shouldLookToEveryoneAsIfItHadNeverBeenUsed() {
        SightNetwork.Content listed = content("listed");
        assertThat(network.truth("eth_getStorageAt", LISTS, slot(listed, 0), "latest")
                        .asString())
                .isNotEqualTo(ZERO);
        assertThat(network.truth("eth_getTransactionCount", LISTS, "latest").asString())
                .isEqualTo("0x3");
        for (Caller caller : List.of(Caller.ANONYMOUS, OTHER, READER, narrow(SightNetwork.OWNER))) {
            assertThat(result(caller, "eth_getCode", LISTS, "latest")).isEqualTo(ReaderLists.CODE);
            assertThat(result(caller, "eth_getTransactionCount", LISTS, "latest"))
                    .isEqualTo("0x1");
            assertThat(result(caller, "eth_getBalance", LISTS, "latest")).isEqualTo("0x0");
            for (int i = 0; i < 3; i++) {
                assertThat(result(caller, "eth_getStorageAt", LISTS, slot(listed, i), "latest"))
                        .isEqualTo(ZERO);
            }
        }
    }

    @Test
    void shouldShowAKeeperItsOwnListsAndNoOthers() {
        SightNetwork.Content own = content("listed");
        SightNetwork.Content senders = content("naming");
        String reader = "0x" + "00".repeat(12) + READERS.getFirst().hex().substring(2);
        assertThat(result(OWNER, "eth_getStorageAt", LISTS, slot(own, 1), "latest"))
                .isEqualTo(reader);
        assertThat(result(OWNER, "eth_getStorageAt", LISTS, slot(senders, 1), "latest"))
                .isEqualTo(ZERO);
        assertThat(result(SENDER, "eth_getStorageAt", LISTS, slot(senders, 1), "latest"))
                .isEqualTo(reader);
        assertThat(result(SENDER, "eth_getStorageAt", LISTS, slot(own, 1), "latest"))
                .isEqualTo(ZERO);
    }

    @Test
    void shouldEstimateForWhoeverDeploysAndForKeepersWhoChange() {
        byte[] create = Lists.create(Vaults.router(SightNetwork.word(12)), READERS);
        long estimate = Long.decode(result(OTHER, "eth_estimateGas", call(Keys.address(SightNetwork.OTHER), create)));
        assertThat(Long.decode(result(Caller.ANONYMOUS, "eth_estimateGas", call(null, create))))
                .isEqualTo(estimate);
        String hash = network.send(network.sign(SightNetwork.OTHER, ReaderLists.ADDRESS, create, 0));
        JsonNode receipt = network.truth("eth_getTransactionReceipt", hash);
        assertThat(receipt.get("status").asString()).isEqualTo("0x1");
        assertThat(estimate)
                .isBetween(
                        Long.decode(receipt.get("gasUsed").asString()),
                        Long.decode(receipt.get("gasUsed").asString()) * 102 / 100);

        byte[] name = Lists.name(content("listed").address(), List.of());
        assertThat(Long.decode(result(OWNER, "eth_estimateGas", call(Keys.address(SightNetwork.OWNER), name))))
                .isLessThan(60_000);
    }

    /** Neither who may change a list nor whether there is one follows from an answer. */
    @Test
    void shouldAnswerStrangersOfAListAsOfNone() {
        Address listed = content("listed").address();
        Address absent = beside(listed);
        Address keeper = Keys.address(SightNetwork.OWNER);
        for (Address from : List.of(keeper, NETWORK, Address.ZERO, Keys.address(SightNetwork.READER))) {
            for (String method : List.of("eth_call", "eth_estimateGas", "eth_createAccessList", "trace_call")) {
                for (boolean naming : List.of(true, false)) {
                    String there = ask(Caller.ANONYMOUS, method, from, listed, naming);
                    String nowhere = ask(Caller.ANONYMOUS, method, from, absent, naming);
                    assertThat(there.replace(
                                    listed.hex().substring(2), absent.hex().substring(2)))
                            .isEqualTo(nowhere);
                }
            }
        }
        for (boolean naming : List.of(true, false)) {
            String there = ask(OTHER, "eth_call", Keys.address(SightNetwork.OTHER), listed, naming);
            assertThat(there.replace(listed.hex().substring(2), absent.hex().substring(2)))
                    .isEqualTo(ask(OTHER, "eth_call", Keys.address(SightNetwork.OTHER), absent, naming));
        }
        assertThat(ask(OWNER, "eth_call", keeper, listed, false)).contains("\"0x" + "00".repeat(31) + "01\"");
    }

    /** An unused address whose bytes cost what the other's cost. */
    private static Address beside(Address address) {
        byte[] bytes = address.bytes();
        bytes[0] = (byte) (bytes[0] == 1 ? 2 : 1);
        if (address.bytes()[0] == 0) {
            throw new AssertionError("choose another byte");
        }
        return Address.of(bytes);
    }

    private String ask(Caller caller, String method, Address from, Address made, boolean naming) {
        byte[] data = naming ? Lists.name(made, READERS) : Lists.isReader(made, READERS.getFirst());
        Object call = call(from, data);
        return method.equals("trace_call")
                ? answer(caller, method, call, List.of("trace"), "latest")
                : answer(caller, method, call, "latest");
    }

    /** Code in the place of the keeper, or of the system contract itself, reads what the caller may read. */
    @Test
    void shouldNotBeReadThroughOverrides() {
        Address listed = content("listed").address();
        Address keeper = Keys.address(SightNetwork.OWNER);
        String hex = Rpc.hex(Vaults.router(SightNetwork.word(3)));
        Address absent = beside(listed);
        Map<String, Object> asKeeper = asKeeper(listed);
        Object router = Map.of(keeper.hex(), Map.of("code", "0x" + hex.substring(hex.indexOf("600960006000a1"))));
        assertThat(result(OTHER, "eth_call", asKeeper, "latest", router)
                        .replace(listed.hex().substring(2), absent.hex().substring(2)))
                .isEqualTo(result(OTHER, "eth_call", asKeeper(absent), "latest", router))
                .doesNotEndWith("1");
        assertThat(result(OWNER, "eth_call", asKeeper, "latest", router))
                .as("the same, by who may")
                .endsWith("1");
        // PUSH32 slot SLOAD PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN.
        String dump = "0x7f" + slot(content("listed"), 1).substring(2) + "5460005260206000f3";
        Object dumped = Map.of(LISTS, Map.of("code", dump));
        for (Caller caller : List.of(Caller.ANONYMOUS, OTHER, READER)) {
            assertThat(result(caller, "eth_call", Map.of("to", LISTS), "latest", dumped))
                    .isEqualTo(ZERO);
        }
        assertThat(result(OWNER, "eth_call", Map.of("to", LISTS), "latest", dumped))
                .isNotEqualTo(ZERO);
    }

    private static Map<String, Object> asKeeper(Address made) {
        String question = Rpc.hex(Lists.isReader(made, READERS.getFirst()));
        return Map.of(
                "to", Keys.address(SightNetwork.OWNER).hex(), "data", Vaults.routed(ReaderLists.ADDRESS, question));
    }

    @Test
    void shouldTellOfListsByEventsOnlyWhoIsInThem() {
        Object query = Map.of("fromBlock", "0x0", "address", LISTS);
        Map<Caller, Integer> events = new LinkedHashMap<>();
        for (Caller caller : List.of(Caller.ANONYMOUS, OTHER, READER, SENDER, OWNER, narrow(SightNetwork.READER))) {
            events.put(
                    caller,
                    network.ask(caller, "eth_getLogs", query).get("result").size());
        }
        assertThat(events.values()).containsExactly(0, 0, 2, 1, 1, 0);
        Caller lent = new Caller.User(
                "ethereum",
                READERS.getFirst().bytes(),
                new Caller.Scope(
                        Caller.Scope.Kind.SESSION,
                        List.of(content("listed").address().hex().substring(2))));
        assertThat(network.ask(lent, "eth_getLogs", query).get("result").size()).isEqualTo(1);
    }
}
