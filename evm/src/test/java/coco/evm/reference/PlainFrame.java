package coco.evm.reference;

import coco.crypto.Keccak256;
import coco.evm.Halt;
import coco.evm.InvocationResult;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One frame: stack, memory, gas, and what each opcode does to them. */
final class PlainFrame {
    private static final int STACK_MAX = 1024;
    /** EIP-3860. */
    private static final BigInteger INIT_CODE_BYTES_MAX = BigInteger.valueOf(2 * 24_576);

    private static final BigInteger NONCE_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final BigInteger WORD_BYTES = BigInteger.valueOf(32);
    private static final long BLOCK_HASHES = 256;

    private final PlainEvm evm;
    private final Fork fork;
    private final Gas prices;
    private final Message message;
    private final Address self;
    private final byte[] code;
    private final boolean[] jumpDestinations;

    private final List<BigInteger> stack = new ArrayList<>();
    /** As long as MSIZE says. */
    private byte[] memory = new byte[0];

    private int pc;
    private long gas;
    /** Of the last call. */
    private byte[] returnData = new byte[0];

    private byte[] output = new byte[0];

    PlainFrame(PlainEvm evm, Message message) {
        this.evm = evm;
        this.fork = evm.fork;
        this.prices = evm.gas;
        this.message = message;
        this.self = message.self();
        this.code = message.code();
        this.jumpDestinations = jumpDestinations(code);
        this.gas = message.gas();
    }

    /** Where a JUMPDEST is that is no argument of a PUSH. */
    private static boolean[] jumpDestinations(byte[] code) {
        boolean[] destinations = new boolean[code.length];
        for (int i = 0; i < code.length; i++) {
            Opcode opcode = Opcode.of(code[i] & 0xFF);
            destinations[i] = opcode == Opcode.JUMPDEST;
            if (opcode == Opcode.PUSH) {
                i += (code[i] & 0xFF) - Opcode.PUSH.value + 1;
            }
        }
        return destinations;
    }

    InvocationResult run() {
        try {
            while (true) {
                step();
            }
        } catch (Halted halted) {
            boolean keepsGas = halted.reason == Halt.SUCCESS || halted.reason == Halt.REVERT;
            return keepsGas
                    ? new InvocationResult(halted.reason, gas, output)
                    : new InvocationResult(halted.reason, 0, new byte[0]);
        }
    }

    private void step() throws Halted {
        // Behind the end of the code there are zeros, and zero is STOP.
        int octet = pc < code.length ? code[pc] & 0xFF : 0;
        Opcode opcode = Opcode.of(octet);
        if (opcode == null || !fork.has(opcode.since)) {
            throw new Halted(Halt.INVALID_OPCODE);
        }
        int n = octet - opcode.value;
        pay(prices.fixed(opcode, n));
        if (stack.size() < opcode.takes(n)) {
            throw new Halted(Halt.STACK_UNDERFLOW);
        }
        if (stack.size() - opcode.takes(n) + opcode.puts(n) > STACK_MAX) {
            throw new Halted(Halt.STACK_OVERFLOW);
        }
        pc++;
        evm.executions.merge(opcode, 1, Integer::sum);
        execute(opcode, n);
    }

    private void execute(Opcode opcode, int n) throws Halted {
        switch (opcode) {
            case EXP -> exponentiate();
            case ISZERO, NOT, CLZ -> push(evm.arithmetic.apply(opcode, pop()));
            case ADDMOD, MULMOD -> push(evm.arithmetic.apply(opcode, pop(), pop(), pop()));
            case ADD,
                    MUL,
                    SUB,
                    DIV,
                    SDIV,
                    MOD,
                    SMOD,
                    SIGNEXTEND,
                    LT,
                    GT,
                    SLT,
                    SGT,
                    EQ,
                    AND,
                    OR,
                    XOR,
                    BYTE,
                    SHL,
                    SHR,
                    SAR -> push(evm.arithmetic.apply(opcode, pop(), pop()));
            case KECCAK256 -> hash();
            case BALANCE, EXTCODESIZE, EXTCODEHASH, EXTCODECOPY -> readAccount(opcode);
            case CALLDATALOAD -> push(number(PlainEvm.slice(message.data(), pop(), 32)));
            case CALLDATACOPY -> copy(message.data());
            case CODECOPY -> copy(code);
            case RETURNDATACOPY -> copyReturnData();
            case BLOCKHASH -> blockHash();
            case BLOBHASH -> blobHash();
            case POP -> pop();
            case MLOAD, MSTORE, MSTORE8, MCOPY -> accessMemory(opcode);
            case SLOAD -> load();
            case SSTORE -> store();
            case TLOAD -> push(evm.world.loadTransient(new World.Slot(self, pop())));
            case TSTORE -> storeTransient();
            case JUMP -> jump(pop());
            case JUMPI -> jumpIf();
            case JUMPDEST -> {}
            case PUSH -> pushArgument(n + 1);
            case DUP -> push(stack.get(stack.size() - 1 - n));
            case SWAP -> swap(n + 1);
            case LOG -> log(n);
            case CREATE, CREATE2 -> create(opcode);
            case CALL, CALLCODE, DELEGATECALL, STATICCALL -> call(opcode);
            case STOP, RETURN, REVERT, SELFDESTRUCT -> end(opcode);
            default -> push(environment(opcode));
        }
    }

    /** The opcodes that only put something on the stack. */
    private BigInteger environment(Opcode opcode) {
        return switch (opcode) {
            case ADDRESS -> number(self);
            case ORIGIN -> number(evm.transaction.origin());
            case CALLER -> number(message.caller());
            case CALLVALUE -> message.value();
            case CALLDATASIZE -> BigInteger.valueOf(message.data().length);
            case CODESIZE -> BigInteger.valueOf(code.length);
            case GASPRICE -> evm.transaction.gasPrice().toBigInteger();
            case RETURNDATASIZE -> BigInteger.valueOf(returnData.length);
            case COINBASE -> number(evm.block.coinbase());
            case TIMESTAMP -> BigInteger.valueOf(evm.block.timestampSeconds());
            case NUMBER -> BigInteger.valueOf(evm.block.number());
            case PREVRANDAO -> evm.block.randomness().toBigInteger();
            case GASLIMIT -> BigInteger.valueOf(evm.block.gasLimit());
            case CHAINID -> BigInteger.valueOf(evm.chainId);
            case SELFBALANCE -> evm.world.balance(self);
            case BASEFEE -> evm.block.baseFee().toBigInteger();
            case BLOBBASEFEE -> evm.block.blobBaseFee().toBigInteger();
            case PC -> BigInteger.valueOf(pc - 1);
            case MSIZE -> BigInteger.valueOf(memory.length);
            case GAS -> BigInteger.valueOf(gas);
            case PUSH0 -> BigInteger.ZERO;
            default -> throw new IllegalArgumentException(opcode.name());
        };
    }

    // ---- stack, gas, memory ----

    private BigInteger pop() {
        return stack.removeLast();
    }

    private Address popAddress() {
        return Word.of(pop()).toAddress();
    }

    private void push(BigInteger word) {
        stack.addLast(word);
    }

    private static BigInteger number(byte[] bytes) {
        return new BigInteger(1, bytes);
    }

    private static BigInteger number(Address address) {
        return number(address.bytes());
    }

    private void pushArgument(int length) {
        push(number(PlainEvm.slice(code, BigInteger.valueOf(pc), length)));
        pc += length;
    }

    private void swap(int distance) {
        int top = stack.size() - 1;
        BigInteger word = stack.get(top);
        stack.set(top, stack.get(top - distance));
        stack.set(top - distance, word);
    }

    private void pay(long price) throws Halted {
        pay(BigInteger.valueOf(price));
    }

    private void pay(BigInteger price) throws Halted {
        if (price.compareTo(BigInteger.valueOf(gas)) > 0) {
            throw new Halted(Halt.OUT_OF_GAS);
        }
        gas -= price.longValue();
    }

    private static BigInteger words(BigInteger bytes) {
        return bytes.add(BigInteger.valueOf(31)).divide(WORD_BYTES);
    }

    private void payForWords(BigInteger bytes, long price) throws Halted {
        pay(words(bytes).multiply(BigInteger.valueOf(price)));
    }

    /** Makes memory of that range; none if it has no length. */
    private void reserve(BigInteger offset, BigInteger length) throws Halted {
        if (length.signum() == 0) {
            return;
        }
        BigInteger needed = words(offset.add(length));
        BigInteger there = BigInteger.valueOf(memory.length / 32);
        if (needed.compareTo(there) > 0) {
            pay(prices.memory(needed).subtract(prices.memory(there)));
            memory = Arrays.copyOf(memory, 32 * needed.intValueExact());
        }
    }

    /** The bytes of a range that was reserved. */
    private byte[] read(BigInteger offset, BigInteger length) {
        if (length.signum() == 0) {
            return new byte[0];
        }
        return Arrays.copyOfRange(
                memory, offset.intValueExact(), offset.add(length).intValueExact());
    }

    /** Writes to a range that was reserved. */
    private void write(BigInteger offset, byte[] bytes) {
        if (bytes.length > 0) {
            System.arraycopy(bytes, 0, memory, offset.intValueExact(), bytes.length);
        }
    }

    // ---- arithmetic and memory ----

    private void exponentiate() throws Halted {
        BigInteger base = pop();
        BigInteger exponent = pop();
        pay(prices.expByte() * ((exponent.bitLength() + 7) / 8));
        push(evm.arithmetic.apply(Opcode.EXP, base, exponent));
    }

    private void hash() throws Halted {
        BigInteger offset = pop();
        BigInteger length = pop();
        reserve(offset, length);
        payForWords(length, prices.hashWord());
        push(number(Keccak256.hash(read(offset, length))));
    }

    private void copy(byte[] source) throws Halted {
        BigInteger to = pop();
        BigInteger from = pop();
        BigInteger length = pop();
        reserve(to, length);
        payForWords(length, prices.copyWord());
        write(to, PlainEvm.slice(source, from, length.intValueExact()));
    }

    /** EIP-211: what is not there cannot be copied. */
    private void copyReturnData() throws Halted {
        BigInteger from = stack.get(stack.size() - 2);
        BigInteger length = stack.get(stack.size() - 3);
        if (from.add(length).compareTo(BigInteger.valueOf(returnData.length)) > 0) {
            throw new Halted(Halt.RETURN_DATA_OUT_OF_BOUNDS);
        }
        copy(returnData);
    }

    private void accessMemory(Opcode opcode) throws Halted {
        BigInteger offset = pop();
        switch (opcode) {
            case MLOAD -> {
                reserve(offset, WORD_BYTES);
                push(number(read(offset, WORD_BYTES)));
            }
            case MSTORE -> {
                reserve(offset, WORD_BYTES);
                write(offset, Word.of(pop()).toBytes32());
            }
            case MSTORE8 -> {
                reserve(offset, BigInteger.ONE);
                write(offset, new byte[] {pop().byteValue()});
            }
            default -> {
                // EIP-5656: memory holds both ranges afterwards.
                BigInteger from = pop();
                BigInteger length = pop();
                reserve(offset.max(from), length);
                payForWords(length, prices.memoryCopyWord());
                write(offset, read(from, length));
            }
        }
    }

    private void jump(BigInteger to) throws Halted {
        boolean inside = to.compareTo(BigInteger.valueOf(code.length)) < 0;
        if (!inside || !jumpDestinations[to.intValueExact()]) {
            throw new Halted(Halt.INVALID_JUMP);
        }
        pc = to.intValueExact();
    }

    private void jumpIf() throws Halted {
        BigInteger to = pop();
        if (pop().signum() != 0) {
            jump(to);
        }
    }

    // ---- accounts, storage, block ----

    /** Makes the account warm and pays if it was not (EIP-2929). */
    private void access(Address address, long coldPrice) throws Halted {
        if (fork.has(Fork.BERLIN) && evm.world.warmAddresses.add(address)) {
            pay(coldPrice);
        }
    }

    private void access(World.Slot slot, long coldPrice) throws Halted {
        if (fork.has(Fork.BERLIN) && evm.world.warmSlots.add(slot)) {
            pay(coldPrice);
        }
    }

    private void readAccount(Opcode opcode) throws Halted {
        Address address = popAddress();
        access(address, prices.coldAccount());
        World.Account account = evm.world.account(address);
        switch (opcode) {
            case BALANCE -> push(account.balance());
            case EXTCODESIZE -> push(BigInteger.valueOf(account.code().length));
            case EXTCODEHASH -> push(account.isEmpty() ? BigInteger.ZERO : number(Keccak256.hash(account.code())));
            default -> copy(account.code());
        }
    }

    private void blockHash() {
        BigInteger number = pop();
        BigInteger last = BigInteger.valueOf(evm.block.number() - 1);
        BigInteger first = BigInteger.valueOf(evm.block.number() - BLOCK_HASHES);
        boolean recent = number.compareTo(first) >= 0 && number.compareTo(last) <= 0;
        byte[] hash = recent ? evm.blockHashes.get(number.longValueExact()) : null;
        push(hash == null ? BigInteger.ZERO : number(hash));
    }

    private void blobHash() {
        BigInteger index = pop();
        List<byte[]> hashes = evm.transaction.blobHashes();
        boolean there = index.compareTo(BigInteger.valueOf(hashes.size())) < 0;
        push(there ? number(hashes.get(index.intValueExact())) : BigInteger.ZERO);
    }

    private void mayWrite() throws Halted {
        if (message.isStatic()) {
            throw new Halted(Halt.WRITE_PROTECTION);
        }
    }

    private void load() throws Halted {
        World.Slot slot = new World.Slot(self, pop());
        access(slot, prices.coldSlot());
        push(evm.world.load(slot));
    }

    private void store() throws Halted {
        mayWrite();
        if (fork.has(Fork.ISTANBUL) && gas <= Gas.STORE_SENTRY) {
            throw new Halted(Halt.OUT_OF_GAS);
        }
        World.Slot slot = new World.Slot(self, pop());
        BigInteger value = pop();
        access(slot, prices.coldStore());
        Gas.Store store = prices.store(evm.world.original(slot), evm.world.load(slot), value);
        pay(store.price());
        evm.world.refund += store.refund();
        evm.world.store(slot, value);
    }

    private void storeTransient() throws Halted {
        mayWrite();
        evm.world.storeTransient(new World.Slot(self, pop()), pop());
    }

    private void log(int topicCount) throws Halted {
        mayWrite();
        BigInteger offset = pop();
        BigInteger length = pop();
        reserve(offset, length);
        pay(length.multiply(BigInteger.valueOf(prices.logByte())));
        List<byte[]> topics = new ArrayList<>();
        for (int i = 0; i < topicCount; i++) {
            topics.add(Word.of(pop()).toBytes32());
        }
        evm.world.logs.add(new Log(self, topics, read(offset, length)));
    }

    // ---- the end ----

    private void end(Opcode opcode) throws Halted {
        if (opcode == Opcode.SELFDESTRUCT) {
            selfDestruct();
        }
        if (opcode == Opcode.RETURN || opcode == Opcode.REVERT) {
            BigInteger offset = pop();
            BigInteger length = pop();
            reserve(offset, length);
            output = read(offset, length);
        }
        throw new Halted(opcode == Opcode.REVERT ? Halt.REVERT : Halt.SUCCESS);
    }

    private void selfDestruct() throws Halted {
        mayWrite();
        Address heir = popAddress();
        World world = evm.world;
        access(heir, prices.coldHeir());
        BigInteger balance = world.balance(self);
        boolean makesAccount = fork.has(Fork.SPURIOUS_DRAGON)
                ? balance.signum() != 0 && world.account(heir).isEmpty()
                : !world.exists(heir);
        pay(makesAccount ? prices.newHeir() : 0);
        // EIP-6780: only what this transaction created goes away.
        boolean removes = !fork.has(Fork.CANCUN) || world.created.contains(self);
        world.transfer(self, heir, balance);
        if (removes) {
            world.setBalance(self, BigInteger.ZERO);
            if (world.destroyed.add(self)) {
                world.refund += prices.selfDestructRefund();
            }
        }
    }

    // ---- calls and creations ----

    private void call(Opcode opcode) throws Halted {
        boolean hasValue = opcode == Opcode.CALL || opcode == Opcode.CALLCODE;
        BigInteger asked = pop();
        Address target = popAddress();
        BigInteger value = hasValue ? pop() : BigInteger.ZERO;
        BigInteger inputOffset = pop();
        BigInteger inputLength = pop();
        BigInteger resultOffset = pop();
        BigInteger resultLength = pop();
        if (opcode == Opcode.CALL && value.signum() != 0) {
            mayWrite();
        }
        reserve(inputOffset, inputLength);
        reserve(resultOffset, resultLength);
        access(target, prices.coldAccount());
        pay(value.signum() == 0 ? 0 : prices.value());
        pay(opcode == Opcode.CALL && makesAccount(target, value) ? prices.newAccount() : 0);
        Address delegate = evm.delegate(target);
        if (delegate != null) {
            pay(prices.warmDelegate());
            access(delegate, prices.coldAccount());
        }
        long given = gasFor(asked);
        pay(given);
        long withStipend = value.signum() == 0 ? given : given + Gas.STIPEND;
        boolean canPay = evm.world.balance(self).compareTo(value) >= 0;
        if (message.depth() == PlainEvm.DEPTH_MAX || !canPay) {
            returnData = new byte[0];
            gas += withStipend;
            push(BigInteger.ZERO);
            return;
        }
        Message next = next(opcode, target, value, read(inputOffset, inputLength), withStipend);
        boolean moves = opcode == Opcode.CALL || opcode == Opcode.STATICCALL;
        InvocationResult result = evm.call(next, target, moves);
        gas += result.gasLeft();
        returnData = result.output();
        int copied = resultLength.min(BigInteger.valueOf(returnData.length)).intValueExact();
        write(resultOffset, Arrays.copyOf(returnData, copied));
        push(Arithmetic.of(result.halt().isSuccess()));
    }

    private boolean makesAccount(Address target, BigInteger value) {
        return fork.has(Fork.SPURIOUS_DRAGON)
                ? value.signum() != 0 && evm.world.account(target).isEmpty()
                : !evm.world.exists(target);
    }

    /** Before EIP-150 a call got what it asked for or there was not enough; since then it gets what may be had. */
    private long gasFor(BigInteger asked) throws Halted {
        BigInteger most = BigInteger.valueOf(prices.forCall(gas));
        if (!fork.has(Fork.TANGERINE_WHISTLE) && asked.compareTo(most) > 0) {
            throw new Halted(Halt.OUT_OF_GAS);
        }
        return asked.min(most).longValueExact();
    }

    private Message next(Opcode opcode, Address target, BigInteger value, byte[] input, long given) {
        byte[] callee = evm.codeToRun(target);
        int depth = message.depth() + 1;
        boolean isStatic = message.isStatic() || opcode == Opcode.STATICCALL;
        return switch (opcode) {
            case CALLCODE -> new Message(self, self, callee, value, input, given, isStatic, depth);
            case DELEGATECALL ->
                new Message(message.caller(), self, callee, message.value(), input, given, isStatic, depth);
            default -> new Message(self, target, callee, value, input, given, isStatic, depth);
        };
    }

    private void create(Opcode opcode) throws Halted {
        mayWrite();
        BigInteger value = pop();
        BigInteger offset = pop();
        BigInteger length = pop();
        BigInteger salt = opcode == Opcode.CREATE2 ? pop() : BigInteger.ZERO;
        if (fork.has(Fork.SHANGHAI) && length.compareTo(INIT_CODE_BYTES_MAX) > 0) {
            throw new Halted(Halt.INIT_CODE_TOO_LONG);
        }
        reserve(offset, length);
        payForWords(length, prices.initCodeWord() + (opcode == Opcode.CREATE2 ? prices.hashWord() : 0));
        long given = prices.forCall(gas);
        pay(given);
        returnData = new byte[0];
        World.Account creator = evm.world.account(self);
        if (message.depth() == PlainEvm.DEPTH_MAX
                || creator.balance().compareTo(value) < 0
                || creator.nonce().equals(NONCE_MAX)) {
            gas += given;
            push(BigInteger.ZERO);
            return;
        }
        byte[] initCode = read(offset, length);
        Address address = opcode == Opcode.CREATE
                ? PlainEvm.createAddress(self, creator.nonce())
                : PlainEvm.create2Address(self, salt, initCode);
        evm.world.setNonce(self, creator.nonce().add(BigInteger.ONE));
        if (fork.has(Fork.BERLIN)) {
            evm.world.warmAddresses.add(address);
        }
        InvocationResult result = evm.create(self, address, value, initCode, given, message.depth() + 1);
        gas += result.gasLeft();
        boolean success = result.halt().isSuccess();
        returnData = success ? new byte[0] : result.output();
        push(success ? number(address) : BigInteger.ZERO);
    }
}
