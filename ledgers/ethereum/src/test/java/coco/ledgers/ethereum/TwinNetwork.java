package coco.ledgers.ethereum;

import coco.evm.ContractAddresses;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.access.ReaderLists;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Lists;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.Vaults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A network with the same keys, clock, randomness and blocks as its twin, and the same things that everybody may see;
 * what is hidden in it is its own.
 */
final class TwinNetwork {
    static final int OWNER = 0;
    static final int OTHER = 2;
    static final int SENDER = 3;
    static final int OPEN = 4;
    static final Caller AUDITOR = new Caller.Auditor("all");

    /** What is hidden in a network. */
    enum Hidden {
        /** Not even a contract that could hide something. */
        NOTHING_CONFIDENTIAL,
        /** A contract that says who may read it, as the first has it, and nothing that happens to it. */
        NOTHING,
        FIRST,
        /** As many transactions as in the first, each as long, with other content. */
        SECOND
    }

    /** Which of a twin's transactions share their blocks. */
    enum Blocks {
        /** What is hidden has blocks of its own. */
        APART,
        MIXED
    }

    /** Takes its randomness from a seed. */
    private static final class Seeded implements LedgerFactory {
        @Override
        public String id() {
            return EthereumLedger.ID;
        }

        @Override
        public Ledger create(LedgerContext context) {
            return new EthereumLedger(context, "test", new Random(5));
        }
    }

    final SingleNode node = new SingleNode(new Seeded(), Keys.genesisWithReaders(5))
            .settings(Rpc.ACCEPTED)
            .mining(false)
            .heartbeat(true);
    final List<String> hiddenHashes = new ArrayList<>();
    final List<String> openHashes = new ArrayList<>();

    /** What was offered here, by hash. */
    final Map<String, Offer> offers = new HashMap<>();

    private final Hidden hidden;
    private final AccessSettings.Accounts accounts;
    private final long[] nonces = new long[5];

    TwinNetwork(Hidden hidden, AccessSettings.Accounts accounts) {
        this(
                hidden,
                new AccessSettings(
                        AccessSettings.Contracts.OPEN,
                        AccessSettings.Senders.ANY,
                        accounts,
                        true,
                        List.of(),
                        List.of(new AccessSettings.Grant("all", List.of("*"), Long.MAX_VALUE))));
    }

    TwinNetwork(Hidden hidden, AccessSettings settings) {
        this.hidden = hidden;
        this.accounts = settings.accounts();
        node.access(settings);
        for (int account = 0; account < 5; account++) {
            node.enrol(Keys.address(account).bytes(), new Enrolment("acme", 0, 0, 0));
        }
        if (hidden != Hidden.NOTHING_CONFIDENTIAL) {
            send(OWNER, null, vault(), 0);
        }
        mine();
    }

    /** The vault that is there before an outsider comes. */
    static Address vaultAddress() {
        return ContractAddresses.of(Keys.address(OWNER), 0);
    }

    /** The contract that anybody reads. */
    static Address routerAddress() {
        return ContractAddresses.of(Keys.address(OPEN), 0);
    }

    /** Whatever an outsider could think of asking about. */
    static List<Address> addresses() {
        List<Address> all = new ArrayList<>(List.of(vaultAddress(), routerAddress(), Address.of(0xdead_beefL)));
        all.add(ContractAddresses.of(vaultAddress(), 1));
        for (int account = 0; account < 5; account++) {
            all.add(Keys.address(account));
        }
        all.add(ContractAddresses.of(Keys.address(SENDER), 0));
        all.add(ContractAddresses.of(Keys.address(SENDER), 1));
        all.add(ContractAddresses.of(Keys.address(OWNER), 3));
        all.add(ReaderLists.ADDRESS);
        for (boolean second : List.of(false, true)) {
            all.add(Lists.made(Keys.address(OWNER), Vaults.router(word(second))));
        }
        return all;
    }

    private byte[] vault() {
        return Vaults.vault(Keys.address(OWNER), Keys.address(1), word(), false);
    }

    private boolean isSecond() {
        return hidden == Hidden.SECOND;
    }

    private byte[] word() {
        return word(isSecond());
    }

    private static byte[] word(boolean second) {
        return SightNetwork.word(second ? 21 : 20);
    }

    /** Deploys a contract without a rule for somebody, calls it, and names somebody else. */
    private void list() {
        byte[] code = Vaults.router(word());
        Address made = Lists.made(Keys.address(OWNER), code);
        List<Address> one = List.of(Keys.address(isSecond() ? SENDER : 1));
        List<Address> another = List.of(Keys.address(isSecond() ? OPEN : SENDER));
        send(OWNER, ReaderLists.ADDRESS, Lists.create(code, one), 0);
        send(OWNER, made, data(Vaults.ACT), 0);
        send(OWNER, ReaderLists.ADDRESS, Lists.name(made, another), 0);
        send(SENDER, ReaderLists.ADDRESS, Lists.name(made, another), 0);
    }

    private byte[] data(String selector) {
        return HexFormat.of().parseHex(selector.substring(2) + HexFormat.of().formatHex(word()));
    }

    private void mine() {
        node.advance(1);
        Objects.requireNonNull(node.mine(), "no block");
    }

    private void send(int key, @Nullable Address to, byte[] data, int value) {
        Transaction signed = Keys.transfer(nonces[key]++)
                .gasLimit(3_000_000)
                .to(to)
                .value(Word.of(value))
                .data(data)
                .sign(Keys.CURVE, Keys.secret(key));
        (key == OPEN ? openHashes : hiddenHashes).add(Rpc.hex(signed.hash()));
        offers.put(Rpc.hex(signed.hash()), offer(signed, key));
        JsonNode answer = Questioner.ask(node, AUDITOR, "eth_sendRawTransaction", Rpc.raw(signed));
        if (!answer.has("result")) {
            throw new AssertionError(answer.toString());
        }
    }

    /** What a node hands to the leader of a transaction. */
    static Offer offer(Transaction signed, int key) {
        byte[] raw = signed.encoded();
        byte[] payload = Arrays.copyOf(Keys.address(key).bytes(), Address.SIZE + raw.length);
        System.arraycopy(raw, 0, payload, Address.SIZE, raw.length);
        return new Offer(EthereumLedger.ID, signed.hash(), payload);
    }

    private void route() {
        String call = Vaults.routed(Keys.address(1), "0x" + "77".repeat(8));
        send(OPEN, routerAddress(), HexFormat.of().parseHex(call.substring(2)), 3);
    }

    private void hide(Runnable transactions) {
        if (hidden == Hidden.FIRST || hidden == Hidden.SECOND) {
            transactions.run();
        }
    }

    /** What happens in it; an outsider may look whenever a block is made. */
    void live(Blocks blocks, Runnable look) {
        int value = isSecond() && accounts == AccessSettings.Accounts.OWN ? 6 : 5;
        List<Runnable> chapters = List.of(
                () -> send(OPEN, null, Vaults.router(SightNetwork.word(3)), 0),
                () -> hide(() -> {
                    send(OWNER, vaultAddress(), data(isSecond() ? "0x55667788" : Vaults.ACT), value);
                    send(OWNER, vaultAddress(), HexFormat.of().parseHex(Vaults.MAKE.substring(2)), value);
                    send(OWNER, null, vault(), 0);
                    list();
                }),
                this::route,
                () -> hide(() -> {
                    send(SENDER, null, isSecond() ? Vaults.destroyed() : Vaults.failing(), 0);
                    send(SENDER, null, isSecond() ? Vaults.failing() : Vaults.destroyed(), 0);
                    send(SENDER, vaultAddress(), data(Vaults.ACT), 0);
                }),
                this::route,
                () -> hide(() -> send(
                        OWNER,
                        vaultAddress(),
                        HexFormat.of().parseHex(admission().substring(2)),
                        0)));
        for (int i = 0; i < chapters.size(); i++) {
            chapters.get(i).run();
            look.run();
            if (blocks == Blocks.APART || i % 2 == 1) {
                mine();
                look.run();
            }
        }
        hide(() -> send(OWNER, vaultAddress(), data(Vaults.ACT), value));
    }

    /** Puts somebody else in the reader's place. */
    private String admission() {
        return Vaults.ADMIT
                + "00".repeat(12)
                + Keys.address(isSecond() ? OPEN : SENDER).hex().substring(2);
    }

    /** What stands for the names of blocks, and what is drawn from their secrets. */
    Map<String, String> namesOfBlocks() {
        Map<String, String> names = new LinkedHashMap<>();
        for (int number = 0; number < node.blocks().size(); number++) {
            JsonNode block = Questioner.ask(
                            node, AUDITOR, "eth_getBlockByNumber", "0x" + Integer.toHexString(number), false)
                    .get("result");
            names.put(block.get("hash").asString().substring(2), "hash of " + number);
            if (number > 0) {
                names.put(block.get("mixHash").asString().substring(2), "mixHash of " + number);
            }
        }
        return names;
    }
}
