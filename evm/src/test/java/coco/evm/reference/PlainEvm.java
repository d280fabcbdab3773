package coco.evm.reference;

import coco.crypto.Keccak256;
import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Halt;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.TransactionContext;
import coco.evm.precompiles.Precompile;
import coco.evm.precompiles.Precompiles;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls and creations: what happens around a frame. One object for each transaction. */
class PlainEvm {
    private static final byte[] NOTHING = new byte[0];
    static final int DEPTH_MAX = 1024;
    /** EIP-170. */
    private static final int CODE_BYTES_MAX = 24_576;

    private static final int DELEGATION_BYTES = 23;
    private static final Address RIPEMD = Address.of(3);

    final Fork fork;
    final Gas gas;
    final Arithmetic arithmetic;
    final BlockEnvironment block;
    final TransactionContext transaction;
    final long chainId;
    final Map<Long, byte[]> blockHashes;
    /** How often each opcode was executed, its operands there and its fixed price paid. */
    final Map<Opcode, Integer> executions = new EnumMap<>(Opcode.class);

    World world;

    PlainEvm(
            Gas gas,
            Arithmetic arithmetic,
            World world,
            BlockEnvironment block,
            TransactionContext transaction,
            long chainId,
            Map<Long, byte[]> blockHashes) {
        this.fork = gas.fork;
        this.gas = gas;
        this.arithmetic = arithmetic;
        this.world = world;
        this.block = block;
        this.transaction = transaction;
        this.chainId = chainId;
        this.blockHashes = blockHashes;
        warmPrecompiles();
    }

    /** EIP-2929: the addresses of precompiled contracts are warm from the start. */
    private void warmPrecompiles() {
        int last = 9;
        if (fork.has(Fork.CANCUN)) {
            last = 0x0A;
        }
        if (fork.has(Fork.PRAGUE)) {
            last = 0x11;
        }
        for (int address = 1; address <= last; address++) {
            world.warmAddresses.add(Address.of(address));
        }
        if (fork.has(Fork.OSAKA)) {
            world.warmAddresses.add(Address.of(0x100));
        }
    }

    /** The outermost call or creation, as {@link coco.evm.Evm#execute} has it. */
    InvocationResult execute(Invocation invocation) {
        Address target = invocation.target();
        BigInteger value = invocation.value().toBigInteger();
        if (world.balance(invocation.caller()).compareTo(value) < 0) {
            return new InvocationResult(Halt.INSUFFICIENT_BALANCE, invocation.gas(), NOTHING);
        }
        if (invocation.kind() == CallKind.CREATE) {
            if (fork.has(Fork.BERLIN)) {
                world.warmAddresses.add(target);
            }
            return create(invocation.caller(), target, value, invocation.data(), invocation.gas(), 0);
        }
        Address delegate = delegate(target);
        if (delegate != null) {
            world.warmAddresses.add(delegate);
        }
        boolean isStatic = invocation.kind() == CallKind.STATICCALL;
        byte[] code = codeToRun(target);
        return call(
                new Message(invocation.caller(), target, code, value, invocation.data(), invocation.gas(), isStatic, 0),
                target,
                true);
    }

    /** Whose code this account has taken on (EIP-7702). */
    @Nullable
    Address delegate(Address address) {
        byte[] code = world.code(address);
        boolean designator = code.length == DELEGATION_BYTES
                && code[0] == (byte) 0xEF
                && code[1] == (byte) 0x01
                && code[2] == (byte) 0x00;
        return designator && fork.has(Fork.PRAGUE) ? Address.of(code, 3) : null;
    }

    /** What a call to this address runs: a delegation is followed once, and not to a precompiled contract. */
    byte[] codeToRun(Address address) {
        Address delegate = delegate(address);
        if (delegate == null) {
            return world.code(address);
        }
        return Precompiles.of(fork).isReserved(delegate) ? NOTHING : world.code(delegate);
    }

    /**
     * Runs a call and takes back what it did if it fails.
     *
     * @param called the address that may be a precompiled contract
     * @param moves whether it is a call of its own account, to which the value goes
     */
    InvocationResult call(Message message, Address called, boolean moves) {
        World before = world.copy();
        if (moves) {
            world.transfer(message.caller(), message.self(), message.value());
        }
        Precompile precompile = Precompiles.of(fork).at(called);
        InvocationResult result = precompile == null ? run(message) : run(precompile, message);
        if (!result.halt().isSuccess()) {
            restore(before);
        }
        return result;
    }

    private void restore(World before) {
        boolean ripemdWasTouched = world.touched.contains(RIPEMD);
        world = before;
        if (ripemdWasTouched) {
            // Block 2,675,119 of the main network: that touch outlived its frame.
            world.touched.add(RIPEMD);
        }
    }

    private static InvocationResult run(Precompile precompile, Message message) {
        byte[] data = message.data();
        long price = precompile.gas(data, 0, data.length);
        if (price > message.gas()) {
            return new InvocationResult(Halt.OUT_OF_GAS, 0, NOTHING);
        }
        byte[] output = precompile.run(data, 0, data.length);
        return output == null
                ? new InvocationResult(Halt.PRECOMPILE_FAILED, 0, NOTHING)
                : new InvocationResult(Halt.SUCCESS, message.gas() - price, output);
    }

    private InvocationResult run(Message message) {
        return new PlainFrame(this, message).run();
    }

    /** Runs a creation, whose creator's nonce was raised; takes back what it did if it fails. */
    InvocationResult create(
            Address creator, Address address, BigInteger value, byte[] initCode, long gasGiven, int depth) {
        if (world.isTaken(address)) {
            return new InvocationResult(Halt.ADDRESS_COLLISION, 0, NOTHING);
        }
        World before = world.copy();
        world.created.add(address);
        world.touch(address);
        if (fork.has(Fork.SPURIOUS_DRAGON)) {
            world.setNonce(address, BigInteger.ONE);
        }
        world.transfer(creator, address, value);
        InvocationResult result = run(new Message(creator, address, initCode, value, NOTHING, gasGiven, false, depth));
        if (result.halt().isSuccess()) {
            result = deposit(address, result);
        }
        if (!result.halt().isSuccess()) {
            restore(before);
        }
        return result;
    }

    private InvocationResult deposit(Address address, InvocationResult result) {
        byte[] code = result.output();
        if (fork.has(Fork.SPURIOUS_DRAGON) && code.length > CODE_BYTES_MAX) {
            return new InvocationResult(Halt.CODE_TOO_LONG, 0, NOTHING);
        }
        if (fork.has(Fork.LONDON) && code.length > 0 && code[0] == (byte) 0xEF) {
            return new InvocationResult(Halt.CODE_BEGINS_WITH_EF, 0, NOTHING);
        }
        long left = result.gasLeft() - gas.depositByte() * code.length;
        if (left < 0) {
            // EIP-2 made this a failure; before, the contract stayed without code.
            return fork.has(Fork.HOMESTEAD)
                    ? new InvocationResult(Halt.CODE_DEPOSIT_OUT_OF_GAS, 0, NOTHING)
                    : new InvocationResult(Halt.SUCCESS, result.gasLeft(), NOTHING);
        }
        if (code.length > 0) {
            world.setCode(address, code);
        }
        return new InvocationResult(Halt.SUCCESS, left, code);
    }

    /** Where CREATE, or a transaction, puts a contract. */
    static Address createAddress(Address creator, BigInteger nonce) {
        byte[] rlp = new RlpWriter()
                .beginList()
                .string(creator.bytes())
                .unsigned(nonce.longValue())
                .endList()
                .toBytes();
        return Address.of(Keccak256.hash(rlp), 12);
    }

    /** Where CREATE2 puts a contract (EIP-1014). */
    static Address create2Address(Address creator, BigInteger salt, byte[] initCode) {
        byte[] preimage = new byte[85];
        preimage[0] = (byte) 0xFF;
        creator.writeTo(preimage, 1);
        Word.of(salt).writeTo(preimage, 21);
        System.arraycopy(Keccak256.hash(initCode), 0, preimage, 53, 32);
        return Address.of(Keccak256.hash(preimage), 12);
    }

    /** So many bytes from the offset, zeros where there are none. */
    static byte[] slice(byte[] bytes, BigInteger offset, int length) {
        if (offset.compareTo(BigInteger.valueOf(bytes.length)) >= 0) {
            return new byte[length];
        }
        byte[] from = Arrays.copyOfRange(bytes, offset.intValue(), bytes.length);
        return Arrays.copyOf(from, length);
    }
}
