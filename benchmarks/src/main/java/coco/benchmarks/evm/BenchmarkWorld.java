package coco.benchmarks.evm;

import coco.crypto.Keccak256;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * What is there before a {@link Program} runs: all contracts, and what {@link #SETUP} did. The contracts are four by
 * hand and those of {@code src/main/solidity}, compiled for Paris by {@code peers/compile.mjs}.
 */
final class BenchmarkWorld {
    /** Who calls, and has coins of the token. */
    static final Address USER = Address.of(0x0ACC_0000_0001L);
    /** Who has coins of the token too. */
    static final Address RECEIVER = Address.of(0x0ACC_0000_0002L);

    private static final Word COINS = Word.of(1L << 40);

    /** What {@link #USER} calls before anything is measured, in this order; it stays. */
    static final List<Call> SETUP = List.of(mint(USER), mint(RECEIVER), mint(Contract.TOKEN_LOOPS.address()));

    private BenchmarkWorld() {}

    private static Call mint(Address to) {
        return new Call(Contract.TOKEN.address(), input("mint(address,uint256)", Word.of(to), COINS));
    }

    /** The input of a call: the function's selector, and its arguments, already as words. */
    static byte[] input(String function, Word... arguments) {
        byte[] input = new byte[4 + arguments.length * Word.SIZE];
        System.arraycopy(Keccak256.hash(function.getBytes(StandardCharsets.US_ASCII)), 0, input, 0, 4);
        for (int i = 0; i < arguments.length; i++) {
            arguments[i].writeTo(input, 4 + i * Word.SIZE);
        }
        return input;
    }

    /**
     * A call from outside.
     *
     * @param input not to be written to
     */
    @SuppressWarnings("ArrayRecordComponent") // Executed, never compared.
    record Call(Address target, byte[] input) {}

    /**
     * Code that is there.
     *
     * @param code not to be written to
     */
    @SuppressWarnings("ArrayRecordComponent") // Put into worlds, never compared.
    record Contract(Address address, byte[] code) {
        static final Contract EMPTY = of(0, "00");
        static final Contract ARITHMETIC =
                of(1, "6007620186a05b9060030260050190600190038061000657" + "5060005260206000f3");
        static final Contract KECCAK = of(2, "614e205b6040600020600052600190038061000357" + "60206000f3");
        static final Contract TOKEN = of(3, resource("Token.hex"));
        static final Contract TOKEN_LOOPS = of(4, resource("TokenLoops.hex"));
        static final Contract HASHES = of(5, resource("Hashes.hex"));
        static final Contract SHA1 = of(6, resource("Sha1.hex"));
        static final Contract RAY_TRACER = of(7, resource("RayTracer.hex"));

        static final List<Contract> ALL =
                List.of(EMPTY, ARITHMETIC, KECCAK, TOKEN, TOKEN_LOOPS, HASHES, SHA1, RAY_TRACER);

        private static Contract of(int number, String hex) {
            return new Contract(
                    Address.of(0x0C0D_E000_0000L + number), HexFormat.of().parseHex(hex));
        }

        private static String resource(String name) {
            try (InputStream in = BenchmarkWorld.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("no resource " + name);
                }
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
