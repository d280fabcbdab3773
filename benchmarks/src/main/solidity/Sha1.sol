// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// SHA-1 (FIPS 180-4), written as one would in any language: arrays in memory, rotations, no assembly.
contract Sha1 {
    /// Hashes `length` bytes `rounds` times, each time with the digest before behind them.
    function chain(uint256 length, uint256 rounds) external pure returns (bytes20 last) {
        bytes memory message = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            message[i] = bytes1(uint8(i % 251));
        }
        for (uint256 i = 0; i < rounds; i++) {
            last = hash(abi.encodePacked(message, last));
        }
    }

    function hash(bytes memory message) public pure returns (bytes20) {
        bytes memory data = padded(message);
        uint32[5] memory h =
            [uint32(0x67452301), uint32(0xEFCDAB89), uint32(0x98BADCFE), uint32(0x10325476), uint32(0xC3D2E1F0)];
        uint32[80] memory w;
        for (uint256 at = 0; at < data.length; at += 64) {
            schedule(data, at, w);
            compress(h, w);
        }
        return bytes20(
            (uint160(h[0]) << 128) | (uint160(h[1]) << 96) | (uint160(h[2]) << 64) | (uint160(h[3]) << 32) | h[4]
        );
    }

    function padded(bytes memory message) private pure returns (bytes memory data) {
        data = new bytes((message.length + 9 + 63) / 64 * 64);
        for (uint256 i = 0; i < message.length; i++) {
            data[i] = message[i];
        }
        data[message.length] = 0x80;
        uint64 bits = uint64(message.length * 8);
        for (uint256 i = 0; i < 8; i++) {
            data[data.length - 1 - i] = bytes1(uint8(bits >> (8 * i)));
        }
    }

    function schedule(bytes memory data, uint256 at, uint32[80] memory w) private pure {
        for (uint256 t = 0; t < 16; t++) {
            uint256 i = at + 4 * t;
            w[t] = (uint32(uint8(data[i])) << 24) | (uint32(uint8(data[i + 1])) << 16)
                | (uint32(uint8(data[i + 2])) << 8) | uint32(uint8(data[i + 3]));
        }
        for (uint256 t = 16; t < 80; t++) {
            w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        }
    }

    function compress(uint32[5] memory h, uint32[80] memory w) private pure {
        uint32 a = h[0];
        uint32 b = h[1];
        uint32 c = h[2];
        uint32 d = h[3];
        uint32 e = h[4];
        for (uint256 t = 0; t < 80; t++) {
            unchecked {
                uint32 next = rotate(a, 5) + mixed(t, b, c, d) + e + w[t];
                e = d;
                d = c;
                c = rotate(b, 30);
                b = a;
                a = next;
            }
        }
        unchecked {
            h[0] += a;
            h[1] += b;
            h[2] += c;
            h[3] += d;
            h[4] += e;
        }
    }

    function mixed(uint256 t, uint32 b, uint32 c, uint32 d) private pure returns (uint32) {
        unchecked {
            if (t < 20) {
                return ((b & c) | (~b & d)) + 0x5A827999;
            }
            if (t < 40) {
                return (b ^ c ^ d) + 0x6ED9EBA1;
            }
            if (t < 60) {
                return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC;
            }
            return (b ^ c ^ d) + 0xCA62C1D6;
        }
    }

    function rotate(uint32 x, uint256 by) private pure returns (uint32) {
        return (x << by) | (x >> (32 - by));
    }
}
