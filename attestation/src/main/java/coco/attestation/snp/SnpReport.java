package coco.attestation.snp;

import coco.attestation.ReportData;
import coco.crypto.P384;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An attestation report (56860, "SEV Secure Nested Paging Firmware ABI Specification", table "ATTESTATION_REPORT"):
 * 1,184 bytes, numbers little-endian; the first 672 are signed. Versions 2, 3 and 5 exist; later fields use bytes that
 * were zero before.
 */
final class SnpReport {
    static final int BYTES = 1184;
    static final int SIGNED_BYTES = 0x2a0;
    static final int VERSION_MIN = 2;
    static final int VERSION_MAX = 5;

    /** From this version on, the report says which processor made it. */
    private static final int VERSION_WITH_CPUID = 3;

    private static final int VERSION_WITH_MITIGATIONS = 5;
    private static final int ECDSA_P384_SHA384 = 1;
    private static final int VMPL_MAX = 3;
    private static final int COMPONENT_BYTES = 72;
    private static final int SCALAR_BYTES = P384.SIGNATURE_BYTES / 2;
    private static final int SIGNATURE_RESERVED = SIGNED_BYTES + 2 * COMPONENT_BYTES;
    private static final int POLICY_ALWAYS_ONE = 1 << 17;
    private static final int POLICY_MIGRATION = 1 << 18;
    private static final int POLICY_DEBUG = 1 << 19;

    /** Bits of the policy that mean nothing yet: from 26 on. */
    private static final int POLICY_KNOWN_BITS = 26;

    private static final int FLAGS_RESERVED = ~0x1f;

    private final byte[] bytes;

    private SnpReport(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Which kind of key signed (flags, bits 4:2). */
    enum SigningKey {
        /** The chip's own, at a patch level. */
        VCEK,
        /** The cloud provider's, loaded into the chip, at a patch level. */
        VLEK
    }

    /** Wraps 1,184 bytes without judging them; {@link #problem} does. */
    static SnpReport of(byte[] report1184) {
        if (report1184.length != BYTES) {
            throw new IllegalArgumentException("a report has " + BYTES + " bytes, not " + report1184.length);
        }
        return new SnpReport(report1184.clone());
    }

    /** Returns why this cannot be a report from within a guest, or null. */
    @Nullable
    String problem() {
        if (version() < VERSION_MIN || version() > VERSION_MAX) {
            return "report version " + Integer.toUnsignedString(version());
        }
        if (int32(0x34) != ECDSA_P384_SHA384) {
            return "signature algorithm " + Integer.toUnsignedString(int32(0x34));
        }
        // The host may ask for reports too; they have all ones here and say nothing about who asked inside.
        if (vmpl() < 0 || vmpl() > VMPL_MAX) {
            return "privilege level " + Integer.toUnsignedString(vmpl());
        }
        if ((policy() & POLICY_ALWAYS_ONE) == 0 || policy() >>> POLICY_KNOWN_BITS != 0) {
            return "guest policy 0x" + Long.toHexString(policy());
        }
        if (signingKey() == null || (int32(0x48) & FLAGS_RESERVED) != 0) {
            return "flags 0x" + Integer.toHexString(int32(0x48));
        }
        return isZero(SIGNATURE_RESERVED, BYTES) && hasShortScalars()
                ? null
                : "bytes other than zero after the signature, which nothing signs";
    }

    private boolean hasShortScalars() {
        int r = SIGNED_BYTES;
        int s = SIGNED_BYTES + COMPONENT_BYTES;
        return isZero(r + SCALAR_BYTES, s) && isZero(s + SCALAR_BYTES, SIGNATURE_RESERVED);
    }

    private boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    int version() {
        return int32(0);
    }

    long guestSvn() {
        return int32(4) & 0xffff_ffffL;
    }

    long policy() {
        return buffer().getLong(8);
    }

    boolean isDebug() {
        return (policy() & POLICY_DEBUG) != 0;
    }

    /** Returns whether another guest, the migration agent, may take this one's memory elsewhere. */
    boolean hasMigrationAgent() {
        byte[] none = new byte[32];
        Arrays.fill(none, (byte) 0xff);
        return (policy() & POLICY_MIGRATION) != 0 && !Arrays.equals(reportIdOfMigrationAgent(), none);
    }

    byte[] familyId() {
        return range(0x10, 16);
    }

    byte[] imageId() {
        return range(0x20, 16);
    }

    int vmpl() {
        return int32(0x30);
    }

    byte[] currentTcb() {
        return range(0x38, TcbVersion.BYTES);
    }

    byte[] platformInfo() {
        return range(0x40, 8);
    }

    @Nullable
    SigningKey signingKey() {
        return switch (int32(0x48) >>> 2 & 7) {
            case 0 -> SigningKey.VCEK;
            case 1 -> SigningKey.VLEK;
            default -> null;
        };
    }

    byte[] reportData() {
        return range(0x50, ReportData.BYTES);
    }

    byte[] measurement() {
        return range(0x90, 48);
    }

    byte[] hostData() {
        return range(0xc0, 32);
    }

    byte[] idKeyDigest() {
        return range(0xe0, 48);
    }

    byte[] authorKeyDigest() {
        return range(0x110, 48);
    }

    byte[] reportId() {
        return range(0x140, 32);
    }

    byte[] reportIdOfMigrationAgent() {
        return range(0x160, 32);
    }

    byte[] reportedTcb() {
        return range(0x180, TcbVersion.BYTES);
    }

    boolean namesProcessor() {
        return version() >= VERSION_WITH_CPUID;
    }

    /** Returns the processor's family, extended and base together. */
    int cpuidFamily() {
        return bytes[0x188] & 0xff;
    }

    /** Returns the processor's model, extended and base together. */
    int cpuidModel() {
        return bytes[0x189] & 0xff;
    }

    int cpuidStepping() {
        return bytes[0x18a] & 0xff;
    }

    /** Returns 64 bytes; all zero where the host hides them. */
    byte[] chipId() {
        return range(0x1a0, 64);
    }

    boolean hidesChipId() {
        return isZero(0x1a0, 0x1a0 + 64);
    }

    byte[] committedTcb() {
        return range(0x1e0, TcbVersion.BYTES);
    }

    /** Returns the running firmware's version, "major.minor.build". */
    String currentFirmware() {
        return (bytes[0x1ea] & 0xff) + "." + (bytes[0x1e9] & 0xff) + "." + (bytes[0x1e8] & 0xff);
    }

    byte[] launchTcb() {
        return range(0x1f0, TcbVersion.BYTES);
    }

    boolean namesMitigations() {
        return version() >= VERSION_WITH_MITIGATIONS;
    }

    byte[] launchMitigations() {
        return range(0x1f8, 8);
    }

    byte[] currentMitigations() {
        return range(0x200, 8);
    }

    byte[] signedBytes() {
        return range(0, SIGNED_BYTES);
    }

    /** Returns r ‖ s, big-endian; in the report both are little-endian and 72 bytes wide. */
    byte[] signature96() {
        byte[] out = new byte[P384.SIGNATURE_BYTES];
        for (int i = 0; i < SCALAR_BYTES; i++) {
            out[SCALAR_BYTES - 1 - i] = bytes[SIGNED_BYTES + i];
            out[P384.SIGNATURE_BYTES - 1 - i] = bytes[SIGNED_BYTES + COMPONENT_BYTES + i];
        }
        return out;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    private byte[] range(int from, int length) {
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    private int int32(int at) {
        return buffer().getInt(at);
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
