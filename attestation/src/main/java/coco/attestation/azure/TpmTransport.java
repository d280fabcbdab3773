package coco.attestation.azure;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/** Takes a command to a TPM and brings the response. */
@FunctionalInterface
public interface TpmTransport {
    /** Where Linux has the TPM with its resource manager. */
    Path DEVICE = Path.of("/dev/tpmrm0");

    /** The longest response a TPM gives (TPM 2.0 Library, part 2: MAX_RESPONSE_SIZE of the PC client). */
    int RESPONSE_BYTES_MAX = 4096;

    /**
     * Sends one command.
     *
     * @return the response
     * @throws IOException if the device fails
     */
    byte[] transmit(byte[] command) throws IOException;

    /** Speaks to a device, usually {@link #DEVICE}: a write is a command, the next read its response. */
    static TpmTransport of(Path device) {
        return command -> {
            try (RandomAccessFile file = new RandomAccessFile(device.toFile(), "rw")) {
                file.write(command);
                byte[] response = new byte[RESPONSE_BYTES_MAX];
                int length = file.read(response);
                if (length < 0) {
                    throw new IOException("no response from " + device);
                }
                return Arrays.copyOf(response, length);
            }
        };
    }
}
