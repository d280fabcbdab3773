package coco.attestation.azure;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.crypto.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a TPM that evidence needs (TPM 2.0 Library, part 3), numbers big-endian. The owner's password is
 * empty on Azure, and so is that of the attestation key.
 */
final class Tpm {
    static final int SUCCESS = 0;
    static final short NO_SESSIONS = (short) 0x8001;
    static final short SESSIONS = (short) 0x8002;
    static final int NV_DEFINE_SPACE = 0x12a;
    static final int NV_WRITE = 0x137;
    static final int NV_READ = 0x14e;
    static final int QUOTE = 0x158;
    static final int NV_READ_PUBLIC = 0x169;
    static final int PCR_READ = 0x17e;
    static final int OWNER = 0x4000_0001;
    static final int PASSWORD = 0x4000_0009;

    /** TPM_RC_HANDLE for the first handle: there is no such index. */
    static final int NO_SUCH_HANDLE = 0x18b;

    static final short SHA_256 = 0x000b;
    static final short RSASSA = 0x0014;
    static final short NULL_SCHEME = 0x0010;

    /** Every TPM reads this much at once (TPM_PT_NV_BUFFER_MAX of the PC client). */
    static final int NV_CHUNK_BYTES = 1024;

    static final int REGISTERS = 24;

    /** The owner may write and read (TPMA_NV_OWNERWRITE, TPMA_NV_OWNERREAD). */
    private static final int OWNER_ONLY = 0x2 | 0x20000;

    private static final int HEADER_BYTES = 10;
    private static final int COMMAND_BYTES_MAX = 4096;

    /** More than the largest index of any TPM. */
    private static final int INDEX_BYTES_MAX = 16 * 1024;

    private final TpmTransport transport;

    Tpm(TpmTransport transport) {
        this.transport = transport;
    }

    /** A response that says something else than success; the code is the TPM's. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final int responseCode;

        Refusal(int responseCode) {
            super("response code 0x" + Integer.toHexString(responseCode), null, false, false);
            this.responseCode = responseCode;
        }
    }

    /** Reads a whole index of the non-volatile memory. */
    byte[] readIndex(int index) {
        Integer size = sizeOf(index);
        if (size == null) {
            throw new AttestationException(
                    Code.PLATFORM, "the TPM has no index 0x" + Integer.toHexString(index) + ": no Azure machine", null);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        while (out.hasRemaining()) {
            int wanted = Math.min(out.remaining(), NV_CHUNK_BYTES);
            ByteBuffer command = command(SESSIONS, NV_READ).putInt(OWNER).putInt(index);
            password(command).putShort((short) wanted).putShort((short) out.position());
            ByteBuffer response = parameters(must("NV_Read", command));
            byte[] chunk = sized(response);
            if (chunk.length != wanted) {
                throw failed("NV_Read", "a chunk of " + chunk.length + " bytes");
            }
            out.put(chunk);
        }
        return out.array();
    }

    /** Writes an index of exactly this size, and makes it where it is missing. */
    void writeIndex(int index, byte[] content) {
        if (sizeOf(index) == null) {
            ByteBuffer define = command(SESSIONS, NV_DEFINE_SPACE).putInt(OWNER);
            password(define).putShort((short) 0);
            // TPM2B_NV_PUBLIC: index, name algorithm, attributes, no policy, size.
            define.putShort((short) 14).putInt(index).putShort(SHA_256).putInt(OWNER_ONLY);
            define.putShort((short) 0).putShort((short) content.length);
            must("NV_DefineSpace", define);
        }
        ByteBuffer write = command(SESSIONS, NV_WRITE).putInt(OWNER).putInt(index);
        password(write).putShort((short) content.length).put(content).putShort((short) 0);
        must("NV_Write", write);
    }

    /** Quotes all PCRs of the SHA-256 bank; returns the message and the bare RSA signature. */
    AzureDocument.Quote quote(int key, byte[] extraData, byte[] registers) {
        ByteBuffer command = command(SESSIONS, QUOTE).putInt(key);
        password(command).putShort((short) extraData.length).put(extraData).putShort(NULL_SCHEME);
        selection(command, 0, REGISTERS);
        ByteBuffer response = parameters(must("Quote", command));
        byte[] message = sized(response);
        short algorithm = need(response, 2 + 2).getShort();
        short hash = response.getShort();
        byte[] signature = sized(response);
        if (algorithm != RSASSA || hash != SHA_256) {
            throw failed("Quote", "a signature of kind 0x" + Integer.toHexString(algorithm & 0xffff));
        }
        return new AzureDocument.Quote(message, signature, registers);
    }

    /** Reads the PCRs 0 to 23 of the SHA-256 bank, one at a time: how many a TPM gives at once is not fixed. */
    byte[] registers() {
        ByteBuffer all = ByteBuffer.allocate(REGISTERS * Sha256.DIGEST_BYTES);
        for (int register = 0; register < REGISTERS; register++) {
            ByteBuffer command = command(NO_SESSIONS, PCR_READ);
            selection(command, register, register + 1);
            ByteBuffer response = must("PCR_Read", command);
            // Update counter, then the selection that was read, then the list of digests.
            need(response, 4 + 4 + 2 + 1).position(response.position() + 4 + 4 + 2);
            int bitmap = response.get() & 0xff;
            need(response, bitmap + 4).position(response.position() + bitmap);
            byte[] digest = response.getInt() == 1 ? sized(response) : new byte[0];
            if (digest.length != Sha256.DIGEST_BYTES) {
                throw failed("PCR_Read", "no register " + register + " of the SHA-256 bank");
            }
            all.put(digest);
        }
        return all.array();
    }

    private @Nullable Integer sizeOf(int index) {
        ByteBuffer response;
        try {
            response =
                    send("NV_ReadPublic", command(NO_SESSIONS, NV_READ_PUBLIC).putInt(index));
        } catch (Refusal e) {
            if (e.responseCode == NO_SUCH_HANDLE) {
                return null;
            }
            throw failed("NV_ReadPublic", e.getMessage());
        }
        ByteBuffer description = ByteBuffer.wrap(sized(response));
        // Index, name algorithm and attributes stand before the policy and the size.
        need(description, 4 + 2 + 4).position(4 + 2 + 4);
        sized(description);
        int size = need(description, 2).getShort() & 0xffff;
        if (size == 0 || size > INDEX_BYTES_MAX) {
            throw failed("NV_ReadPublic", "an index of " + size + " bytes");
        }
        return size;
    }

    private static void selection(ByteBuffer command, int from, int to) {
        int bits = (int) ((1L << to) - (1L << from));
        command.putInt(1).putShort(SHA_256).put((byte) 3);
        command.put((byte) bits).put((byte) (bits >> 8)).put((byte) (bits >> 16));
    }

    /** One session: the password, which is empty. */
    private static ByteBuffer password(ByteBuffer command) {
        return command.putInt(9)
                .putInt(PASSWORD)
                .putShort((short) 0)
                .put((byte) 0)
                .putShort((short) 0);
    }

    private static ByteBuffer command(short tag, int code) {
        return ByteBuffer.allocate(COMMAND_BYTES_MAX).putShort(tag).putInt(0).putInt(code);
    }

    private ByteBuffer must(String name, ByteBuffer command) {
        try {
            return send(name, command);
        } catch (Refusal e) {
            throw failed(name, e.getMessage());
        }
    }

    /** Returns what follows the header of a successful response. */
    private ByteBuffer send(String name, ByteBuffer command) throws Refusal {
        byte[] bytes = new byte[command.position()];
        command.putInt(2, bytes.length).flip().get(bytes);
        ByteBuffer response;
        try {
            response = ByteBuffer.wrap(transport.transmit(bytes));
        } catch (IOException e) {
            throw new AttestationException(
                    Code.PLATFORM, "the TPM cannot be reached for " + name + ": " + e.getMessage(), e);
        }
        if (response.remaining() < HEADER_BYTES || response.getInt(2) != response.remaining()) {
            throw failed(name, "a response of " + response.remaining() + " bytes");
        }
        int code = response.getInt(6);
        if (code != SUCCESS) {
            throw new Refusal(code);
        }
        return response.position(HEADER_BYTES);
    }

    /** Skips the size of the parameters, which stands there where the command had a session. */
    private static ByteBuffer parameters(ByteBuffer response) {
        return need(response, 4).position(response.position() + 4);
    }

    private static byte[] sized(ByteBuffer in) {
        byte[] out = new byte[need(in, 2).getShort() & 0xffff];
        need(in, out.length).get(out);
        return out;
    }

    private static ByteBuffer need(ByteBuffer in, int bytes) {
        if (in.remaining() < bytes) {
            throw failed("a command", "a response that ends early");
        }
        return in;
    }

    private static AttestationException failed(String name, @Nullable String how) {
        return new AttestationException(Code.PLATFORM, "the TPM did not do " + name + ": " + how, null);
    }
}
