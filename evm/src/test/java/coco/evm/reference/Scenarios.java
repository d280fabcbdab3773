package coco.evm.reference;

import coco.evm.CallKind;
import coco.evm.precompiles.Precompiles;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Worlds of a few contracts that call each other, and messages to them, from a seed. */
final class Scenarios {
    private static final int CONTRACTS = 4;
    private static final List<Address> CONTRACT_ADDRESSES = contractAddresses();
    /** Nothing is there, and nothing ever comes there but what calls bring. */
    private static final Address ABSENT = Address.fromHex("ab5e0000000000000000000000000000000ab5e0");

    private static final Address CREATED_BY_CALLER =
            PlainEvm.createAddress(Scenario.CALLER, BigInteger.valueOf(Scenario.CALLER_NONCE));

    private final Random random;
    private final Fork fork;
    private final Operands operands;

    Scenarios(Random random, Fork fork) {
        this.random = random;
        this.fork = fork;
        this.operands = new Operands(random, addresses(fork));
    }

    private static List<Address> contractAddresses() {
        List<Address> addresses = new ArrayList<>();
        for (int i = 1; i <= CONTRACTS; i++) {
            addresses.add(Address.of(0xC0DE0000, i, 0xC0DEL + i));
        }
        return List.copyOf(addresses);
    }

    /** One of the contracts that every scenario has. */
    static Address contract(Random random) {
        return CONTRACT_ADDRESSES.get(random.nextInt(CONTRACTS));
    }

    /** What programs name: each contract more often than the rest. */
    private static List<Address> addresses(Fork fork) {
        List<Address> addresses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            addresses.addAll(CONTRACT_ADDRESSES);
        }
        for (Address creator : CONTRACT_ADDRESSES) {
            addresses.add(PlainEvm.createAddress(creator, BigInteger.ONE));
        }
        addresses.add(CREATED_BY_CALLER);
        addresses.addAll(List.of(Scenario.CALLER, Scenario.COINBASE, ABSENT, ABSENT, Address.ZERO));
        Scenario.SECRETS.forEach(secret -> addresses.add(Scenario.signer(secret)));
        for (int number : new int[] {1, 2, 3, 4, 4, 5, 6, 9, 0x0B, 0x11, 0x12, 0x100}) {
            Address address = Address.of(number);
            Precompiles precompiles = Precompiles.of(fork);
            if (precompiles.at(address) != null || !precompiles.isReserved(address)) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    Scenario next() {
        List<Scenario.Contract> contracts = new ArrayList<>();
        for (Address address : CONTRACT_ADDRESSES) {
            contracts.add(contract(address));
        }
        if (oneIn(6)) {
            // Something is where a contract would be created.
            Address taken = oneIn(3) ? CREATED_BY_CALLER : PlainEvm.createAddress(contract(random), BigInteger.ONE);
            contracts.add(new Scenario.Contract(
                    taken,
                    random.nextInt(2),
                    BigInteger.valueOf(random.nextInt(2)),
                    Program.EMPTY,
                    oneIn(2) ? Map.of() : storage()));
        }
        List<Scenario.Call> calls = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++) {
            calls.add(call());
        }
        return new Scenario(fork, contracts, calls);
    }

    private Scenario.Contract contract(Address address) {
        BigInteger balance = oneIn(3) ? BigInteger.ZERO : BigInteger.valueOf(random.nextInt(2_000));
        return new Scenario.Contract(address, nonce(), balance, program(), oneIn(4) ? Map.of() : storage());
    }

    private long nonce() {
        return oneIn(40) ? -1 - random.nextInt(2) : 1;
    }

    private Program program() {
        if (fork.has(Fork.PRAGUE) && oneIn(6)) {
            Address delegate = Word.of(operands.address()).toAddress();
            return Program.of(PlainTransition.designator(delegate));
        }
        ProgramWriter writer = new ProgramWriter(random, fork, operands);
        return oneIn(5) ? writer.initCode(random.nextInt(6)) : writer.contract(1 + random.nextInt(20));
    }

    private Map<BigInteger, BigInteger> storage() {
        Map<BigInteger, BigInteger> storage = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            storage.put(BigInteger.valueOf(random.nextInt(4)), BigInteger.valueOf(1 + random.nextInt(2)));
        }
        return storage;
    }

    private Scenario.Call call() {
        BigInteger value = operands.wei().min(BigInteger.TEN.pow(30));
        List<Address> warm = new ArrayList<>(List.of(Scenario.CALLER));
        for (Address address : CONTRACT_ADDRESSES) {
            if (oneIn(3)) {
                warm.add(address);
            }
        }
        if (oneIn(6)) {
            byte[] initCode = new ProgramWriter(random, fork, operands)
                    .initCode(random.nextInt(8))
                    .bytes();
            return new Scenario.Call(CallKind.CREATE, Address.ZERO, value, initCode, gas(), warm);
        }
        boolean isStatic = fork.has(Fork.BYZANTIUM) && oneIn(12);
        Address target = oneIn(12) ? Word.of(operands.address()).toAddress() : contract(random);
        warm.add(target);
        return new Scenario.Call(
                isStatic ? CallKind.STATICCALL : CallKind.CALL,
                target,
                isStatic ? BigInteger.ZERO : value,
                operands.bytes(oneIn(3) ? 200 : 40),
                gas(),
                warm);
    }

    private long gas() {
        if (oneIn(8)) {
            return random.nextInt(30_000);
        }
        return oneIn(20) ? 2_000_000 : 40_000 + random.nextInt(300_000);
    }
}
