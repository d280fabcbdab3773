"""Makes feldman.txt: python3 feldman.py > feldman.txt. Nothing of Coco is used, and nothing but the standard library.

A line is: seed, M, N, scalar, M commitments, N shares (shares.md, section 2); binary fields in hex.
"""

import hashlib
import hmac

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
CASES = [
    (bytes(32), 1, 1),
    (bytes(range(32)), 2, 3),
    (b"\x01" * 32, 3, 5),
    (b"\xff" * 32, 1, 4),
    (hashlib.sha256(b"coco").digest(), 5, 5),
    (hashlib.sha256(b"shares").digest(), 7, 10),
]


def add(one, other):
    if one is None or other is None:
        return other if one is None else one
    if one[0] == other[0]:
        if (one[1] + other[1]) % P == 0:
            return None
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, P) % P
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P) % P
    x = (slope * slope - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def multiply(scalar, point):
    result = None
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def hkdf(ikm, info, length):
    prk = hmac.digest(bytes(32), ikm, hashlib.sha256)
    out, block = b"", b""
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([len(out) // 32 + 1]), hashlib.sha256)
        out += block
    return out[:length]


def compressed(point):
    return bytes([2 + (point[1] & 1)]) + point[0].to_bytes(32, "big")


def deal(seed, threshold, count):
    coefficients = []
    for i in range(threshold):
        wide = hkdf(seed, b"coco feldman coefficient 1" + bytes([i]), 48)
        coefficients.append(int.from_bytes(wide, "big") % (N - 1) + 1)
    commitments = [compressed(multiply(c, G)) for c in coefficients]
    shares = [sum(c * pow(x, i, N) for i, c in enumerate(coefficients)) % N for x in range(1, count + 1)]
    return [s.to_bytes(32, "big") for s in coefficients[:1]] + commitments + [s.to_bytes(32, "big") for s in shares]


for seed, threshold, count in CASES:
    fields = deal(seed, threshold, count)
    print(seed.hex(), threshold, count, *[field.hex() for field in fields])
