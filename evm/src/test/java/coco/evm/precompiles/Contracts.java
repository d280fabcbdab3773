package coco.evm.precompiles;

import coco.evm.types.Address;
import coco.evm.types.Fork;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The contracts of Osaka as tests call them: by address, with bytes put together from digits. */
final class Contracts {
    /** Generator of the first group of BLS12-381 as contracts read it. */
    static final byte[] BLS_G1 = padded(
            "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
                    + "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1");

    /** Generator of the second group. */
    static final byte[] BLS_G2 = padded(
            "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
                    + "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
                    + "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"
                    + "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be");

    /** The order of both groups. */
    static final String BLS_ORDER = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";

    /** The prime of their field. */
    static final String BLS_PRIME =
            "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";

    /** Generator of alt_bn128's second group (EIP-197). */
    static final byte[] BN254_G2 = hex("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
            + "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
            + "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
            + "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa");

    private Contracts() {}

    static Precompile at(int address) {
        return at(Fork.OSAKA, address);
    }

    static Precompile at(Fork fork, int address) {
        Precompile contract = Precompiles.of(fork).at(Address.of(address));
        if (contract == null) {
            throw new AssertionError("no contract at " + address);
        }
        return contract;
    }

    static byte @Nullable [] run(int address, byte[]... input) {
        byte[] bytes = bytes(input);
        return at(address).run(bytes, 0, bytes.length);
    }

    /** The output of a call that must not be refused. */
    static byte[] output(int address, byte[]... input) {
        byte[] output = run(address, input);
        if (output == null) {
            throw new AssertionError(
                    "refused by " + address + ": " + HexFormat.of().formatHex(bytes(input)));
        }
        return output;
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    static byte[] word(long number) {
        return hex(String.format("%064x", number));
    }

    static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Elements of 48 bytes as contracts read them: behind 16 zeros. */
    static byte[] padded(String elements) {
        StringBuilder padded = new StringBuilder();
        for (int at = 0; at < elements.length(); at += 96) {
            padded.append("0".repeat(32)).append(elements, at, at + 96);
        }
        return hex(padded.toString());
    }
}
