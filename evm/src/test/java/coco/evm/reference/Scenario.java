package coco.evm.reference;

import coco.crypto.Secp256k1;
import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.state.InMemoryWorld;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A world, and messages to it, each of which is a transaction of its own. */
record Scenario(Fork fork, List<Contract> contracts, List<Call> calls) {
    static final long CHAIN_ID = 1337;
    static final Address CALLER = Address.fromHex("acc0000000000000000000000000000000000acc");
    static final long CALLER_NONCE = 5;
    static final Address COINBASE = Address.fromHex("c014ba5e00000000000000000000000000000c01");
    static final BlockEnvironment BLOCK = new BlockEnvironment(
            1000,
            1_700_000_000,
            30_000_000,
            Word.of(7),
            Word.fromHex("8000000000000000000000000000000000000000000000000000000000000001"),
            COINBASE,
            Word.ONE);

    /** By number, for BLOCKHASH: some of the window, and some beyond either end of it. */
    static final Map<Long, byte[]> BLOCK_HASHES = blockHashes();

    /** Keys of accounts that may sign: for transactions, and for their code to be another's (EIP-7702). */
    static final List<byte[]> SECRETS = List.of(secret(7), secret(8));

    private static final BigInteger WEALTH = BigInteger.TEN.pow(24);

    Scenario {
        contracts = List.copyOf(contracts);
        calls = List.copyOf(calls);
    }

    /** An account with code. */
    record Contract(
            Address address, long nonce, BigInteger balance, Program program, Map<BigInteger, BigInteger> storage) {
        Contract {
            storage = Map.copyOf(storage);
        }

        Contract with(Program other) {
            return new Contract(address, nonce, balance, other, storage);
        }

        Contract withoutStorage() {
            return new Contract(address, nonce, balance, program, Map.of());
        }

        @Override
        public String toString() {
            return "account %s nonce %s balance %s storage %s code %s%n%s"
                    .formatted(
                            address,
                            Long.toUnsignedString(nonce),
                            balance,
                            storage,
                            HexFormat.of().formatHex(program.bytes()),
                            program.assembly());
        }
    }

    /**
     * A message.
     *
     * @param kind CALL, STATICCALL or CREATE
     * @param target nobody reads it for a creation
     * @param warm addresses that are warm from the start
     */
    record Call(CallKind kind, Address target, BigInteger value, byte[] data, long gas, List<Address> warm) {
        Call {
            warm = List.copyOf(warm);
        }

        Call withGas(long other) {
            return new Call(kind, target, value, data, other, warm);
        }

        @Override
        public String toString() {
            return "%s %s value %s gas %d warm %s data %s"
                    .formatted(kind, target, value, gas, warm, HexFormat.of().formatHex(data));
        }
    }

    private static Map<Long, byte[]> blockHashes() {
        Map<Long, byte[]> hashes = new HashMap<>();
        for (long number = 740; number <= 1001; number++) {
            hashes.put(number, Word.of(number, -1, 0, number).toBytes32());
        }
        return Map.copyOf(hashes);
    }

    private static byte[] secret(int octet) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) octet);
        return secret;
    }

    /** Whose key this is. */
    static Address signer(byte[] secret) {
        return Transaction.Builder.addressOf(Secp256k1.fastest(), secret);
    }

    /** The world before the first message. */
    InMemoryWorld world() {
        InMemoryWorld world = new InMemoryWorld();
        BLOCK_HASHES.forEach(world::putBlockHash);
        world.put(CALLER, CALLER_NONCE, Word.of(WEALTH), new byte[0]);
        for (byte[] secret : SECRETS) {
            world.put(signer(secret), 0, Word.of(WEALTH), new byte[0]);
        }
        for (Contract contract : contracts) {
            world.put(
                    contract.address(),
                    contract.nonce(),
                    Word.of(contract.balance()),
                    contract.program().bytes());
            contract.storage()
                    .forEach((key, value) -> world.slotChanged(contract.address(), Word.of(key), Word.of(value)));
        }
        return world;
    }

    Scenario with(int index, Contract contract) {
        List<Contract> others = new ArrayList<>(contracts);
        others.set(index, contract);
        return new Scenario(fork, others, calls);
    }

    Scenario withCalls(List<Call> other) {
        return new Scenario(fork, contracts, other);
    }

    @Override
    public String toString() {
        return Stream.concat(contracts.stream(), calls.stream())
                .map(Object::toString)
                .collect(Collectors.joining("\n", fork + "\n", ""));
    }
}
