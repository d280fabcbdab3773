package coco.evm.reference;

import coco.crypto.Secp256k1;
import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Halt;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.TransactionContext;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Fork;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What surrounds the outermost frame of a transaction that is known to be valid: it is bought, run and settled. */
final class PlainTransition {
    private static final BigInteger NONCE_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    /** EIP-4844. */
    private static final long GAS_PER_BLOB = 131_072;

    private final Gas gas;
    private final Fork fork;
    private final BlockEnvironment block;
    private final long chainId;
    private final Map<Long, byte[]> blockHashes;

    PlainTransition(Gas gas, BlockEnvironment block, long chainId, Map<Long, byte[]> blockHashes) {
        this.gas = gas;
        this.fork = gas.fork;
        this.block = block;
        this.chainId = chainId;
        this.blockHashes = blockHashes;
    }

    /** How a transaction ended, and the world after it. */
    @SuppressWarnings("ArrayRecordComponent") // Read field by field.
    record Settled(Halt halt, long gasUsed, byte[] output, List<Log> logs, World world) {}

    Settled execute(World world, TransactionMessage tx) {
        BigInteger price = gasPrice(tx);
        BigInteger bought = price.multiply(BigInteger.valueOf(tx.gasLimit()))
                .add(block.blobBaseFee()
                        .toBigInteger()
                        .multiply(BigInteger.valueOf(
                                GAS_PER_BLOB * tx.blobHashes().size())));
        BigInteger nonce = world.account(tx.sender()).nonce();
        world.setBalance(tx.sender(), world.balance(tx.sender()).subtract(bought));
        world.setNonce(tx.sender(), nonce.add(BigInteger.ONE));
        Address to = tx.to();
        Address target = to == null ? PlainEvm.createAddress(tx.sender(), nonce) : to;
        warmUp(world, tx, to);
        for (Authorization authorization : tx.authorizations()) {
            authorize(world, authorization);
        }
        PlainEvm evm = new PlainEvm(
                gas,
                new Arithmetic(),
                world,
                block,
                new TransactionContext(tx.sender(), Word.of(price), tx.blobHashes()),
                chainId,
                blockHashes);
        InvocationResult result = evm.execute(new Invocation(
                to == null ? CallKind.CREATE : CallKind.CALL,
                tx.sender(),
                target,
                tx.value(),
                tx.data(),
                tx.gasLimit() - intrinsicGas(tx)));
        return settle(evm.world, tx, price, result);
    }

    /** EIP-1559. */
    private BigInteger gasPrice(TransactionMessage tx) {
        BigInteger most = tx.maxFeePerGas().toBigInteger();
        BigInteger base = block.baseFee().toBigInteger();
        return fork.has(Fork.LONDON)
                ? most.min(base.add(tx.maxPriorityFeePerGas().toBigInteger()))
                : most;
    }

    /** EIP-2929, EIP-2930, EIP-3651. */
    private void warmUp(World world, TransactionMessage tx, @Nullable Address to) {
        world.warmAddresses.add(tx.sender());
        if (to != null) {
            world.warmAddresses.add(to);
        }
        if (fork.has(Fork.SHANGHAI)) {
            world.warmAddresses.add(block.coinbase());
        }
        tx.accessList().forEach(entry -> {
            world.warmAddresses.add(entry.address());
            entry.storageKeys()
                    .forEach(key -> world.warmSlots.add(new World.Slot(entry.address(), key.toBigInteger())));
        });
    }

    /** EIP-7702, "Behavior": whatever is wrong with a tuple makes it pass without effect. */
    private void authorize(World world, Authorization authorization) {
        boolean here =
                authorization.chainId().isZero() || authorization.chainId().equals(Word.of(chainId));
        BigInteger nonce = new BigInteger(Long.toUnsignedString(authorization.nonce()));
        if (!here || nonce.equals(NONCE_MAX)) {
            return;
        }
        Address authority = authorization.authority(Secp256k1.fastest());
        if (authority == null) {
            return;
        }
        world.warmAddresses.add(authority);
        World.Account account = world.account(authority);
        boolean delegated = account.code().length == 23 && account.code()[0] == (byte) 0xEF;
        if ((account.code().length > 0 && !delegated) || !account.nonce().equals(nonce)) {
            return;
        }
        if (!account.isEmpty()) {
            world.refund += 12_500;
        }
        world.setCode(authority, authorization.address().isZero() ? new byte[0] : designator(authorization.address()));
        world.setNonce(authority, nonce.add(BigInteger.ONE));
    }

    static byte[] designator(Address address) {
        byte[] code = new byte[23];
        code[0] = (byte) 0xEF;
        code[1] = 0x01;
        address.writeTo(code, 3);
        return code;
    }

    private long intrinsicGas(TransactionMessage tx) {
        long price = 21_000 + 25_000L * tx.authorizations().size();
        for (byte octet : tx.data()) {
            price += octet == 0 ? 4 : fork.has(Fork.ISTANBUL) ? 16 : 68;
        }
        if (tx.to() == null) {
            price += fork.has(Fork.HOMESTEAD) ? 32_000 : 0;
            price += gas.initCodeWord() * ((tx.data().length + 31) / 32);
        }
        for (var entry : tx.accessList()) {
            price += 2_400 + 1_900L * entry.storageKeys().size();
        }
        return price;
    }

    /** EIP-7623: ten for each token, of which a byte that is not zero has four. */
    private long floor(TransactionMessage tx) {
        long price = 21_000;
        for (byte octet : tx.data()) {
            price += octet == 0 ? 10 : 40;
        }
        return fork.has(Fork.PRAGUE) ? price : 0;
    }

    private Settled settle(World world, TransactionMessage tx, BigInteger price, InvocationResult result) {
        long spent = tx.gasLimit() - result.gasLeft();
        long refund = Math.min(world.refund, spent / (fork.has(Fork.LONDON) ? 5 : 2));
        long used = Math.max(floor(tx), spent - refund);
        BigInteger back = price.multiply(BigInteger.valueOf(tx.gasLimit() - used));
        BigInteger tip = fork.has(Fork.LONDON) ? price.subtract(block.baseFee().toBigInteger()) : price;
        world.setBalance(tx.sender(), world.balance(tx.sender()).add(back));
        Address coinbase = block.coinbase();
        world.setBalance(coinbase, world.balance(coinbase).add(tip.multiply(BigInteger.valueOf(used))));
        List<Log> logs = List.copyOf(world.logs);
        world.endTransaction(fork.has(Fork.SPURIOUS_DRAGON));
        return new Settled(result.halt(), used, result.output(), logs, world);
    }
}
