package coco.attestation.azure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.ReportData;
import coco.crypto.Hex;
import coco.crypto.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A TPM behind a paravisor: takes the commands an attester sends apart, byte by byte, and answers as the specification
 * says. The processor's report around it comes from a function of its report data.
 */
final class FakeTpm implements TpmTransport {
    final KeyPair attestationKey;
    final byte[][] registers = new byte[24][32];

    /** Reads of the report before the paravisor notices new user data. */
    int delay;

    /** How often a register is extended between reading and quoting. */
    int extensions;

    int hardware = 2;

    private final UnaryOperator<byte[]> processor;
    private final Map<Integer, byte[]> indexes = new HashMap<>();
    private byte[] bound = new byte[ReportData.BYTES];
    private int readsSinceWrite;

    FakeTpm(UnaryOperator<byte[]> processor) {
        this.processor = processor;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            attestationKey = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < registers.length; i++) {
            Arrays.fill(registers[i], (byte) i);
        }
    }

    @Override
    public byte[] transmit(byte[] command) {
        ByteBuffer in = ByteBuffer.wrap(command);
        int tag = in.getShort() & 0xffff;
        if (in.getInt() != command.length) {
            throw new AssertionError("the command has " + command.length + " bytes and says otherwise");
        }
        int code = in.getInt();
        return switch (code) {
            case 0x169 -> readPublic(in);
            case 0x14e -> nvRead(in, tag);
            case 0x12a -> define(in, tag);
            case 0x137 -> nvWrite(in, tag);
            case 0x158 -> quote(in, tag);
            case 0x17e -> pcrRead(in);
            default -> response(0x143, new byte[0]);
        };
    }

    private byte[] readPublic(ByteBuffer in) {
        int index = in.getInt();
        int size = size(index);
        if (size == 0) {
            return response(0x18b, new byte[0]);
        }
        ByteBuffer out = ByteBuffer.allocate(2 + 14 + 2 + 34);
        out.putShort((short) 14)
                .putInt(index)
                .putShort((short) 0xb)
                .putInt(0x20002)
                .putShort((short) 0);
        out.putShort((short) size).putShort((short) 34);
        return response(0, out.array());
    }

    private int size(int index) {
        if (index == 0x01400001) {
            return 2600;
        }
        byte[] content = indexes.get(index);
        return content == null ? 0 : content.length;
    }

    private byte[] nvRead(ByteBuffer in, int tag) {
        in.getInt();
        int index = in.getInt();
        session(in, tag);
        int length = in.getShort() & 0xffff;
        int offset = in.getShort() & 0xffff;
        if (length > 1024) {
            return response(0x146, new byte[0]);
        }
        if (index == 0x01400001 && offset == 0) {
            if (readsSinceWrite++ >= delay) {
                bound = indexes.getOrDefault(0x01400002, bound);
            }
            indexes.put(0x01400001, report());
        }
        byte[] content = indexes.get(index);
        ByteBuffer out = ByteBuffer.allocate(2 + length).putShort((short) length);
        out.put(content, offset, length);
        return withSession(out.array());
    }

    private byte[] define(ByteBuffer in, int tag) {
        if (in.getInt() != 0x40000001) {
            throw new AssertionError("not the owner");
        }
        session(in, tag);
        if (in.getShort() != 0 || in.getShort() != 14) {
            throw new AssertionError("an index with a password, or another description");
        }
        int index = in.getInt();
        in.getShort();
        in.getInt();
        in.getShort();
        indexes.put(index, new byte[in.getShort()]);
        return withSession(new byte[0]);
    }

    private byte[] nvWrite(ByteBuffer in, int tag) {
        in.getInt();
        int index = in.getInt();
        session(in, tag);
        byte[] content = new byte[in.getShort()];
        in.get(content);
        if (in.getShort() != 0 || content.length != size(index)) {
            return response(0x146, new byte[0]);
        }
        indexes.put(index, content);
        readsSinceWrite = 0;
        return withSession(new byte[0]);
    }

    private byte[] quote(ByteBuffer in, int tag) {
        if (in.getInt() != 0x81000003) {
            return response(0x18b, new byte[0]);
        }
        session(in, tag);
        byte[] extraData = new byte[in.getShort()];
        in.get(extraData);
        if (extraData.length > 50) {
            return response(0x1d5, new byte[0]);
        }
        if (extensions-- > 0) {
            registers[10] = Sha256.hash(registers[10]);
        }
        byte[] message = message(extraData, registers);
        byte[] signature = sign(message);
        ByteBuffer out = ByteBuffer.allocate(2 + message.length + 2 + 2 + 2 + signature.length);
        out.putShort((short) message.length).put(message).putShort((short) 0x14).putShort((short) 0xb);
        out.putShort((short) signature.length).put(signature);
        return withSession(out.array());
    }

    static byte[] message(byte[] extraData, byte[][] registers) {
        byte[] digest = Sha256.hash(registers);
        ByteBuffer out = ByteBuffer.allocate(4 + 2 + 2 + 34 + 2 + extraData.length + 17 + 8 + 4 + 6 + 2 + 32);
        out.putInt(0xff544347).putShort((short) 0x8018);
        out.putShort((short) 34).put(new byte[34]);
        out.putShort((short) extraData.length).put(extraData);
        out.put(new byte[17 + 8]).putInt(1).putShort((short) 0xb).put((byte) 3).put(new byte[] {-1, -1, -1});
        out.putShort((short) 32).put(digest);
        return out.array();
    }

    byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(attestationKey.getPrivate());
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] pcrRead(ByteBuffer in) {
        if (in.getInt() != 1 || in.getShort() != 0xb || in.get() != 3) {
            throw new AssertionError("another selection");
        }
        int bits = (in.get() & 0xff) | (in.get() & 0xff) << 8 | (in.get() & 0xff) << 16;
        if (Integer.bitCount(bits) != 1) {
            throw new AssertionError("more than one register");
        }
        ByteBuffer out = ByteBuffer.allocate(4 + 4 + 2 + 1 + 3 + 4 + 2 + 32);
        out.putInt(9)
                .putInt(1)
                .putShort((short) 0xb)
                .put((byte) 3)
                .put(new byte[3])
                .putInt(1);
        out.putShort((short) 32).put(registers[Integer.numberOfTrailingZeros(bits)]);
        return response(0, out.array());
    }

    /** The paravisor's report over what was last bound. */
    byte[] report() {
        RSAPublicKey key = (RSAPublicKey) attestationKey.getPublic();
        byte[] n = key.getModulus().toByteArray();
        String modulus = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(n, 1, n.length));
        String json = "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + modulus
                + "\"}],\"user-data\":\"" + Hex.encode(bound) + "\"}";
        return report(json.getBytes(US_ASCII));
    }

    byte[] report(byte[] runtimeData) {
        byte[] reportData = Arrays.copyOf(Sha256.hash(runtimeData), ReportData.BYTES);
        ByteBuffer out = ByteBuffer.allocate(2600).order(ByteOrder.LITTLE_ENDIAN);
        out.put("HCLA".getBytes(US_ASCII))
                .putInt(2)
                .putInt(1236 + runtimeData.length)
                .putInt(2);
        out.position(32).put(processor.apply(reportData)).position(1216);
        out.putInt(20 + runtimeData.length).putInt(1).putInt(hardware).putInt(1).putInt(runtimeData.length);
        out.put(runtimeData);
        return out.array();
    }

    /** One session with an empty password; its size, handle, nonce, attributes and secret. */
    private static void session(ByteBuffer in, int tag) {
        if (tag != 0x8002 || in.getInt() != 9 || in.getInt() != 0x40000009 || in.getShort() != 0) {
            throw new AssertionError("no session with a password");
        }
        if (in.get() != 0 || in.getShort() != 0) {
            throw new AssertionError("a password that is not empty");
        }
    }

    private static byte[] withSession(byte[] parameters) {
        ByteBuffer out = ByteBuffer.allocate(10 + 4 + parameters.length + 5);
        out.putShort((short) 0x8002).putInt(out.capacity()).putInt(0).putInt(parameters.length);
        return out.put(parameters).array();
    }

    private static byte[] response(int code, byte[] parameters) {
        ByteBuffer out = ByteBuffer.allocate(10 + parameters.length);
        return out.putShort((short) 0x8001)
                .putInt(out.capacity())
                .putInt(code)
                .put(parameters)
                .array();
    }
}
