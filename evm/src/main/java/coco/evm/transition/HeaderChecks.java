package coco.evm.transition;

import coco.evm.transition.BlockOutcome.Fault;
import coco.evm.transition.BlockOutcome.Invalid;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Word;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Whether a header may follow its parent. Each check answers null if there is nothing to say. The seal of a block
 * before the merge (its nonce and mix hash) is not looked at: that is a matter of consensus, and no consortium mines.
 */
final class HeaderChecks {
    private static final long GAS_LIMIT_MINIMUM = 5_000;
    private static final long GAS_LIMIT_DIVISOR = 1_024;
    private static final int EXTRA_DATA_MAX = 32;
    private static final byte[] DAO_EXTRA_DATA = "dao-hard-fork".getBytes(StandardCharsets.US_ASCII);

    private final ForkSchedule schedule;
    private final ChainRules rules;
    private final BlockPolicy policy;
    private final Fork fork;
    private final Header header;

    HeaderChecks(ForkSchedule schedule, ChainRules rules, BlockPolicy policy, Header header) {
        this.schedule = schedule;
        this.rules = rules;
        this.policy = policy;
        this.fork = rules.fork();
        this.header = header;
    }

    /** All checks that a block, or an ommer, must pass beside its parent. */
    @Nullable
    Invalid after(Header parent) {
        Invalid invalid = fields();
        if (invalid == null) {
            invalid = place(parent);
        }
        if (invalid == null) {
            invalid = gasLimit(parent);
        }
        if (invalid == null) {
            invalid = seal(parent);
        }
        if (invalid == null && fork.has(Fork.LONDON)) {
            invalid = baseFee(parent);
        }
        return invalid == null && fork.has(Fork.CANCUN) ? blobGas(parent) : invalid;
    }

    /** Whether exactly the fields of the fork are there. */
    @Nullable
    Invalid fields() {
        boolean fit = (header.baseFeePerGas() != null) == fork.has(Fork.LONDON)
                && (header.withdrawalsRoot() != null) == fork.has(Fork.SHANGHAI)
                && (header.blobGasUsed() != null) == fork.has(Fork.CANCUN)
                && (header.excessBlobGas() != null) == fork.has(Fork.CANCUN)
                && (header.parentBeaconBlockRoot() != null) == fork.has(Fork.CANCUN)
                && (header.requestsHash() != null) == fork.has(Fork.PRAGUE);
        return fit ? null : new Invalid(Fault.FIELDS, "the header does not have the fields of " + fork);
    }

    private @Nullable Invalid place(Header parent) {
        if (header.number() != parent.number() + 1) {
            return Invalid.difference(
                    Fault.NUMBER, Long.toUnsignedString(parent.number() + 1), Long.toUnsignedString(header.number()));
        }
        int passed = Long.compareUnsigned(header.timestamp(), parent.timestamp());
        if (passed < 0 || (passed == 0 && !policy.sharedSeconds())) {
            return new Invalid(
                    Fault.TIMESTAMP,
                    "the time " + Long.toUnsignedString(header.timestamp()) + " is not after the parent's, "
                            + Long.toUnsignedString(parent.timestamp()));
        }
        byte[] extra = header.extraData();
        if (extra.length > EXTRA_DATA_MAX) {
            return new Invalid(Fault.EXTRA_DATA, extra.length + " bytes of extra data, at most " + EXTRA_DATA_MAX);
        }
        if (schedule.wantsDaoExtraData(header.number()) && !Arrays.equals(extra, DAO_EXTRA_DATA)) {
            return new Invalid(Fault.EXTRA_DATA, "a block of the DAO fork has the extra data dao-hard-fork");
        }
        return null;
    }

    private @Nullable Invalid gasLimit(Header parent) {
        long limit = header.gasLimit();
        if (Long.compareUnsigned(header.gasUsed(), limit) > 0) {
            return new Invalid(
                    Fault.GAS_USED_ABOVE_LIMIT,
                    Long.toUnsignedString(header.gasUsed()) + " gas used, at most " + Long.toUnsignedString(limit));
        }
        long before = FeeMarket.gasLimitAfter(fork, parent);
        long most = Long.divideUnsigned(before, GAS_LIMIT_DIVISOR);
        long difference = Math.abs(limit - before);
        // EIP-1985: a gas limit has 63 bits.
        if (limit < GAS_LIMIT_MINIMUM || Long.compareUnsigned(difference, most) >= 0) {
            return new Invalid(
                    Fault.GAS_LIMIT,
                    "the gas limit " + Long.toUnsignedString(limit) + " is too low or moves by " + most
                            + " or more from the parent's, " + Long.toUnsignedString(before));
        }
        return null;
    }

    private @Nullable Invalid seal(Header parent) {
        if (!fork.has(Fork.PARIS)) {
            Word difficulty = Difficulty.of(schedule, fork, parent, header.number(), header.timestamp());
            return header.difficulty().equals(difficulty)
                    ? null
                    : Invalid.difference(Fault.DIFFICULTY, String.valueOf(difficulty), header.difficulty());
        }
        if (!header.difficulty().isZero()) {
            return Invalid.difference(Fault.DIFFICULTY, 0, header.difficulty());
        }
        if (!Arrays.equals(header.nonce(), new byte[8])) {
            return Invalid.difference(Fault.NONCE, 0, HexFormat.of().formatHex(header.nonce()));
        }
        return null;
    }

    private @Nullable Invalid baseFee(Header parent) {
        Word constant = policy.baseFee();
        Word expected = constant == null ? FeeMarket.baseFeeAfter(parent) : constant;
        Word actual = header.baseFeePerGas();
        boolean isHeld = policy.heldBaseFee()
                && BlockPolicy.isBlinded(parent)
                && actual != null
                && actual.equals(parent.baseFeePerGas());
        return isHeld || expected.equals(actual)
                ? null
                : Invalid.difference(Fault.BASE_FEE, expected, String.valueOf(actual));
    }

    private @Nullable Invalid blobGas(Header parent) {
        long used = header.blobGasUsed() == null ? 0 : header.blobGasUsed();
        if (Long.compareUnsigned(used, rules.blobs().maxGas()) > 0 || used % BlobParameters.GAS_PER_BLOB != 0) {
            return new Invalid(
                    Fault.BLOB_GAS_USED,
                    Long.toUnsignedString(used) + " blob gas used, at most "
                            + rules.blobs().maxGas() + " in steps of " + BlobParameters.GAS_PER_BLOB);
        }
        long expected = rules.blobs().excess(fork, parent);
        Long actual = header.excessBlobGas();
        return actual != null && actual == expected
                ? null
                : Invalid.difference(Fault.EXCESS_BLOB_GAS, Long.toUnsignedString(expected), String.valueOf(actual));
    }
}
