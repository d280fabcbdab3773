package coco.ledgers.ethereum.access;

import static coco.ledgers.ethereum.access.AccessNetwork.OWNER;
import static coco.ledgers.ethereum.access.AccessNetwork.READER;
import static coco.ledgers.ethereum.access.AccessNetwork.STRANGER;
import static coco.ledgers.ethereum.access.AccessNetwork.user;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.kv.Cursor;
import coco.kv.Reader;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The same is decided, whatever was executed, remembered or lost before. */
class DeterminismTest {
    private final AccessNetwork network = new AccessNetwork();

    private static List<String> marks(Reader state) {
        List<String> marks = new ArrayList<>();
        Cursor cursor = state.scan(Marks.MAP, new byte[0], null);
        while (cursor.next()) {
            marks.add(HexFormat.of().formatHex(cursor.key()) + " "
                    + HexFormat.of().formatHex(cursor.value()));
        }
        return marks;
    }

    @Test
    void shouldGiveFollowersTheSameMarks() {
        Address maker = network.deploy(OWNER, "Maker");
        Address turncoat = network.deploy(OWNER, "Turncoat");
        network.send(OWNER, maker, "make()");
        network.send(OWNER, turncoat, "turn(uint8)", 1);
        assertThat(marks(network.node.state())).hasSize(2);
        assertThat(marks(network.node.followed())).isEqualTo(marks(network.node.state()));
    }

    /** Blocks are lost before they are committed; what comes after is as if they had never been. */
    @Test
    void shouldDecideAlikeAfterLostBlocks() {
        AccessNetwork calm = new AccessNetwork();
        for (AccessNetwork each : List.of(network, calm)) {
            boolean loses = each == network;
            Address secret = deploy(each, "Secret", loses);
            Address prober = deploy(each, "Prober", loses);
            send(each, OWNER, secret, Abi.call("grant(address,uint256)", user(READER), 1), loses);
            send(each, READER, secret, Abi.call("tell()"), loses);
            send(each, STRANGER, prober, Abi.call("call(address,bytes)", secret, Abi.call("tell()")), loses);
            send(each, OWNER, secret, Abi.call("revoke(address,uint256)", user(READER), 1), loses);
            send(each, READER, secret, Abi.call("tell()"), loses);
            send(each, OWNER, secret, Abi.call("spawn()"), loses);
        }
        List<LedgerBlock> blocks = network.node.blocks();
        assertThat(calm.node.blocks()).hasSameSizeAs(blocks);
        for (int i = 1; i < blocks.size(); i++) {
            LedgerBlock.Executed one = blocks.get(i).transactions().getFirst();
            LedgerBlock.Executed other =
                    calm.node.blocks().get(i).transactions().getFirst();
            assertThat(one.payload()).as("payload %d", i).isEqualTo(other.payload());
            assertThat(one.writes()).as("writes %d", i).isEqualTo(other.writes());
        }
    }

    private static Address deploy(AccessNetwork network, String contract, boolean loses) {
        Transaction transaction =
                network.sign(OWNER, network.transaction(OWNER).to(null).data(AccessNetwork.creation(contract)));
        network.offer(OWNER, transaction);
        mine(network, loses);
        return Objects.requireNonNull(network.last().created());
    }

    private static void send(AccessNetwork network, int from, Address to, byte[] data, boolean loses) {
        network.offer(from, network.sign(from, network.transaction(from).to(to).data(data)));
        mine(network, loses);
    }

    private static void mine(AccessNetwork network, boolean loses) {
        for (int i = 0; loses && i < 2; i++) {
            assertThat(network.node.mineAndLose()).isNotNull();
        }
        assertThat(network.mine()).hasSize(1);
    }

    /** What was refused then is refused when the transaction is executed once more, with all that came before it. */
    @Test
    void shouldTraceWhatWasRefusedAsRefused() {
        Address secret = network.deploy(OWNER, "Secret");
        Address prober = network.deploy(OWNER, "Prober");
        byte[] probes = Abi.call("call(address,bytes)", secret, Abi.call("tell()"));
        Transaction lured =
                network.sign(OWNER, network.transaction(OWNER).to(prober).data(probes));
        network.offer(OWNER, lured);
        network.mine();
        Rpc rpc = new Rpc(network.node);
        JsonNode answer = rpc.send("debug_traceTransaction", Rpc.hex(lured.hash()));
        long used = network.last().gasUsed();
        if (answer.has("result")) {
            assertThat(answer.get("result").get("gas").asLong()).isEqualTo(used);
        } else {
            assertThat(answer.get("error").get("message").asString()).contains("not traceable");
        }
    }

    @Test
    void shouldRememberNothingThatAWriteMadeUntrue() {
        Address secret = network.deploy(OWNER, "Secret");
        List<Boolean> succeeded = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Transaction.Builder grant = network.transaction(OWNER)
                    .to(secret)
                    .data(Abi.call(i % 2 == 0 ? "grant(address,uint256)" : "revoke(address,uint256)", user(READER), 1));
            network.offer(OWNER, network.sign(OWNER, grant));
            network.mine();
            succeeded.add(network.send(READER, secret, "tell()").success());
        }
        assertThat(succeeded).containsExactly(true, false, true);
        assertThat(Arrays.asList(network.mark(secret))).containsExactly(Mark.State.OWN);
    }
}
