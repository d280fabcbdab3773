package coco.attestation.snp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.attestation.ReportData;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Reports by Linux's character device (Documentation/virt/coco/sev-guest.rst, include/uapi/linux/sev-guest.h). May be
 * called from any thread; the kernel lets one in at a time.
 *
 * <p>The request, all numbers in the machine's order:
 * <pre>
 * snp_guest_request_ioctl  32 bytes: msg_version (1) and 7 of padding, req_data (8, address), resp_data (8, address),
 *                          fw_error (4), vmm_error (4)
 * snp_report_req           96 bytes: user_data (64), vmpl (4), reserved (28)
 * snp_report_resp          4,000 bytes: status (4), report size (4), reserved (24), report
 * </pre>
 */
public final class SevGuestDevice {
    /** Where Linux has it. */
    public static final Path DEVICE = Path.of("/dev/sev-guest");

    /** SNP_GET_REPORT: _IOWR('S', 0, struct snp_guest_request_ioctl). */
    static final long GET_REPORT = 0xc020_5300L;

    static final int REQUEST_BYTES = 32;
    static final int REPORT_REQUEST_BYTES = 96;
    static final int REPORT_RESPONSE_BYTES = 4000;
    static final int RESPONSE_HEADER_BYTES = 32;
    static final long REQUEST_AT = 8;
    static final long RESPONSE_AT = 16;
    static final long ERRORS_AT = 24;
    private static final byte MESSAGE_VERSION = 1;

    private final Ioctl device;

    /** The system call, on a device that is opened for it. */
    @FunctionalInterface
    interface Ioctl {
        /**
         * Makes the call.
         *
         * @return 0, or the error number
         */
        int call(long request, MemorySegment argument);
    }

    /** Asks a device, usually {@link #DEVICE}. */
    public SevGuestDevice(Path device) {
        this(new LinuxIoctl(device));
    }

    SevGuestDevice(Ioctl device) {
        this.device = device;
    }

    /**
     * Asks for a report over 64 bytes, from privilege level 0.
     *
     * @return 1,184 bytes
     * @throws IllegalArgumentException for another length
     * @throws AttestationException with the code PLATFORM
     */
    public byte[] report(byte[] reportData64) {
        ReportData.requireLength(reportData64);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(REPORT_REQUEST_BYTES, Long.BYTES);
            MemorySegment.copy(reportData64, 0, request, JAVA_BYTE, 0, reportData64.length);
            MemorySegment response = arena.allocate(REPORT_RESPONSE_BYTES, Long.BYTES);
            MemorySegment argument = arena.allocate(REQUEST_BYTES, Long.BYTES);
            argument.set(JAVA_BYTE, 0, MESSAGE_VERSION);
            argument.set(JAVA_LONG_UNALIGNED, REQUEST_AT, request.address());
            argument.set(JAVA_LONG_UNALIGNED, RESPONSE_AT, response.address());
            int error = device.call(GET_REPORT, argument);
            long errors = argument.get(JAVA_LONG_UNALIGNED, ERRORS_AT);
            if (error != 0 || errors != 0) {
                throw failed("error number " + error + ", firmware and host say 0x" + Long.toHexString(errors));
            }
            int status = response.get(JAVA_INT_UNALIGNED, 0);
            int size = response.get(JAVA_INT_UNALIGNED, Integer.BYTES);
            if (status != 0 || size != SnpReport.BYTES) {
                throw failed("status " + Integer.toUnsignedString(status) + " with " + Integer.toUnsignedString(size)
                        + " bytes");
            }
            return response.asSlice(RESPONSE_HEADER_BYTES, size).toArray(JAVA_BYTE);
        }
    }

    private static AttestationException failed(String how) {
        return new AttestationException(Code.PLATFORM, "the processor gave no report: " + how, null);
    }
}
