package coco.benchmarks.evm;

import static coco.benchmarks.evm.BenchmarkWorld.input;

import coco.benchmarks.evm.BenchmarkWorld.Call;
import coco.benchmarks.evm.BenchmarkWorld.Contract;
import coco.evm.types.Word;

/** Whole programs, each one call that is repeated on the same state: what is run side by side, and by JMH. */
public enum Program {
    /** A contract that stops at once: what a machine takes for anything at all. */
    EMPTY("nothing", Contract.EMPTY, new byte[0], 1000),
    /** MUL, ADD, SUB, SWAP, JUMPI, 100,000 rounds: the loop that Besu, geth and our prototype were measured with. */
    ARITHMETIC("arithmetic loop", Contract.ARITHMETIC, new byte[0], 1),
    /** Keccak of 64 bytes that are never the same, 20,000 times. */
    KECCAK("keccak loop", Contract.KECCAK, new byte[0], 1),
    /** One transfer between accounts that have coins, every slot cold. */
    TRANSFER(
            "ERC-20 transfer",
            Contract.TOKEN,
            input("transfer(address,uint256)", Word.of(BenchmarkWorld.RECEIVER), Word.ONE),
            1000),
    /** A contract that calls a token 1,000 times. */
    TRANSFERS(
            "ERC-20 transfer by 1,000 calls",
            Contract.TOKEN_LOOPS,
            input("transfers(address,uint256)", Word.of(Contract.TOKEN.address()), Word.of(1000)),
            1),
    /** 5,000 times in one contract. */
    MINTS("ERC-20 mint, 5,000 times", Contract.TOKEN_LOOPS, input("mints(uint256)", Word.of(5000)), 1),
    /** Approve and transferFrom, 2,000 times in one contract. */
    APPROVALS(
            "ERC-20 approve, transferFrom, 2,000 times",
            Contract.TOKEN_LOOPS,
            input("approvals(uint256)", Word.of(2000)),
            1),
    /** Each of 64 bytes, by Solidity. */
    HASHES("10,000 hashes", Contract.HASHES, input("chain(uint256)", Word.of(10_000)), 1),
    /** SHA-1 in Solidity of 1,000 bytes, 8 times: 32-bit words in memory, rotations. */
    SHA1("SHA-1", Contract.SHA1, input("chain(uint256,uint256)", Word.of(1000), Word.of(8)), 1),
    /** A ray tracer in Solidity: records in memory, signed multiplication and division. */
    RAY_TRACER("ray tracer", Contract.RAY_TRACER, input("render(uint256,uint256)", Word.of(30), Word.of(20)), 1);

    /** What a program gets, more than it uses. */
    static final long GAS = 1L << 40;

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // Nobody writes to the input.
    private final Call call;

    private final int repetitions;

    Program(String title, Contract contract, byte[] input, int repetitions) {
        this.title = title;
        this.call = new Call(contract.address(), input);
        this.repetitions = repetitions;
    }

    /** For people. */
    String title() {
        return title;
    }

    /** What is called, by {@link BenchmarkWorld#USER} and without ether. */
    Call call() {
        return call;
    }

    /** How often one run has it, so that a run is long enough for the clock. */
    int repetitions() {
        return repetitions;
    }
}
