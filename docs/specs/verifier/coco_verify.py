#!/usr/bin/env python3
"""A second verifier of Coco journals and receipts.

Written from docs/specs/journal.md, write-set.md, receipt.md and recovery.md, and not from the Java code: where the two
disagree, one of them or the documents are wrong. Python's standard library and `cryptography` (Debian: python3-cryptography).

    coco_verify.py journal DIR... --service-cert FILE [--seal-root EPOCH=HEX]... [--json]
    coco_verify.py receipt FILE --service-cert FILE [--json]
    coco_verify.py vectors DIR

Exit code 0 valid, 1 invalid, 2 usage, 3 valid as far as it goes but not complete. A verifier for people who want to read one:
it is slow (pure Python, some megabytes a second) and reads a chunk as a whole.
"""

import argparse
import binascii
import hashlib
import hmac
import json
import os
import re
import struct
import sys

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LEVELS = ("chunks", "headers", "signatures", "evidence", "content")
HEADER_BYTES = 336
P_BYTES = 272
BLOCK_BYTES_MAX = 268435456
CERTIFICATE_BYTES_MAX = 64 * 1024
RECEIPT_BYTES_MAX = 4 * 1024 * 1024


class Malformed(Exception):
    """Bytes that are not of their format."""


# ---- 1. Conventions -------------------------------------------------------------------------------------------------


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def L(text):
    return bytes([len(text)]) + text.encode("ascii")


def u32(value):
    return struct.pack(">I", value)


def u64(value):
    return struct.pack(">Q", value)


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf(salt, ikm, info):
    return hmac_sha256(hmac_sha256(salt, ikm), info + b"\x01")


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_CRC = _crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def der(certificate):
    return certificate.public_bytes(Encoding.DER)


def spki(certificate):
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def certificate_of(data):
    try:
        certificate = x509.load_der_x509_certificate(data)
        key = certificate.public_key()
    except Exception as error:
        raise Malformed("a certificate does not parse") from error
    if der(certificate) != data or not isinstance(key, (ec.EllipticCurvePublicKey,)):
        raise Malformed("a certificate that is not DER, or of another kind of key")
    return certificate


def is_self_signed(certificate):
    try:
        algorithm = ec.ECDSA(certificate.signature_hash_algorithm)
        certificate.public_key().verify(certificate.signature, certificate.tbs_certificate_bytes, algorithm)
        return certificate.issuer == certificate.subject
    except (InvalidSignature, ValueError, TypeError):
        return False


def verifies(certificate, digest, signature):
    """ECDSA on P-256 over a hash, r ‖ s."""
    key = certificate.public_key()
    if len(signature) != 64 or not isinstance(key.curve, ec.SECP256R1):
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(utils.encode_dss_signature(r, s), digest, ec.ECDSA(utils.Prehashed(SHA256())))
        return True
    except (InvalidSignature, ValueError):
        return False


# RFC 6962, section 2.1


def leaf_hash(data):
    return H(b"\x00", data)


def node_hash(left, right):
    return H(b"\x01", left, right)


def tree_root(leaves):
    """Root over leaf hashes."""
    if not leaves:
        return H()
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(tree_root(leaves[:left]), tree_root(leaves[left:]))


class Frontier:
    """The roots of the perfect subtrees of a growing log, largest first."""

    def __init__(self):
        self.size = 0
        self.peaks = []

    def append(self, data):
        node = leaf_hash(data)
        size = self.size
        while size & 1:
            node = node_hash(self.peaks.pop(), node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1

    def root(self):
        if not self.peaks:
            return H()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaf, index, size, path):
    """The root that an inclusion proof leads to, or None (RFC 9162, section 2.1.3.2)."""
    if index >= size:
        return None
    last, found = size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            found = node_hash(sibling, found)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        index >>= 1
        last >>= 1
    return found if last == 0 else None


# ---- 2. to 3. Service id, keys, endorsements ------------------------------------------------------------------------


def service_id(document, key):
    return H(L("coco.service.1"), H(document), key)


def identity_signed(service, generation, height, certificate):
    return H(L("coco.service-endorsement.1"), service, u32(generation), u64(height), spki(certificate))


def sealer_signed(service, generation, height, digest):
    return H(L("coco.sealer-endorsement.1"), service, u32(generation), u64(height), digest)


# ---- 4. Sealed block ------------------------------------------------------------------------------------------------


class Header:
    FIELDS = (
        ("version", 4), ("service", 32), ("generation", 4), ("height", 8), ("term", 8), ("epoch", 8), ("sealer", 32),
        ("incarnation", 8), ("parent", 32), ("timestamp", 8), ("leaf_root", 32), ("log_root", 32),
        ("public_hash", 32), ("commitment", 32), ("c", 32), ("d", 32))

    def __init__(self, data):
        if len(data) != HEADER_BYTES:
            raise Malformed("a header of %d bytes" % len(data))
        self.bytes = data
        at = 0
        for name, length in self.FIELDS:
            raw = data[at:at + length]
            setattr(self, name, raw if length == 32 else int.from_bytes(raw, "big"))
            at += length
        if self.version != 1:
            raise Malformed("header version %d" % self.version)
        if self.generation >> 31 or max(self.height, self.term, self.epoch, self.timestamp) >> 63:
            raise Malformed("a negative number in a header")
        self.hash = H(L("coco.header.1"), data)


class Block:
    def __init__(self, data):
        if len(data) < HEADER_BYTES + 4:
            raise Malformed("a block that is too short")
        self.header = Header(data[:HEADER_BYTES])
        at = HEADER_BYTES
        length = int.from_bytes(data[at:at + 4], "big")
        self.public = data[at + 4:at + 4 + length]
        at += 4 + length
        if len(self.public) != length or len(data) < at + 4:
            raise Malformed("a public write set that is too long")
        length = int.from_bytes(data[at:at + 4], "big")
        self.private = data[at + 4:at + 4 + length]
        at += 4 + length
        self.signature = data[at:]
        if length < 28 or len(self.private) != length or len(self.signature) != 64:
            raise Malformed("lengths of a block that do not add up")
        if self.private[:4] != bytes(4):
            raise Malformed("an IV that does not begin with zeros")


def padme(length):
    if length <= 1:
        return length
    e = length.bit_length() - 1
    low = e - e.bit_length()
    mask = (1 << low) - 1
    return (length + mask) & ~mask


class Bytes:
    """A cursor."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, length):
        if length > len(self.data) - self.at:
            raise Malformed("ends too early")
        part = self.data[self.at:self.at + length]
        self.at += length
        return part

    def varint(self, most=9):
        value, shift = 0, 0
        for position in range(most):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                if byte == 0 and position > 0:
                    raise Malformed("a number that is longer than needed")
                return value
        raise Malformed("a number that is too long")

    def string(self):
        return self.take(self.varint())

    def end(self):
        if self.at != len(self.data):
            raise Malformed("bytes after the end")


def leaf_root(salt_key, height, content):
    """Content (4.2) to its leaf root (5)."""
    cursor = Bytes(content)
    if cursor.take(1) != b"\x01":
        raise Malformed("content of another version")
    millis = cursor.varint()
    entries, sections = [], []
    count = cursor.varint()
    if count > 64:
        raise Malformed("too many sections")
    for _ in range(count):
        ledger, payload, writes = cursor.string(), cursor.string(), cursor.string()
        if not 1 <= len(ledger) <= 64:
            raise Malformed("a ledger's name is too long")
        for _ in range(cursor.varint()):
            identity, claims = cursor.take(32), cursor.take(32)
            cursor.string()
            entries.append((identity, claims, cursor.string()))
            if len(entries) > 65536:
                raise Malformed("too many entries")
        sections.append((H(L("coco.section.1"), ledger), H(payload), writes))
    cursor.end()
    leaves = []
    for identity, claims, writes in entries + sections:
        salt = hmac_sha256(salt_key, b"\x00" + u64(height) + u32(len(leaves)))
        leaves.append(H(b"\x00\x01", salt, identity, claims, H(writes)))
    size = 1
    while size < len(leaves):
        size *= 2
    while len(leaves) < size:
        leaves.append(hmac_sha256(salt_key, b"\x01" + u64(height) + u32(len(leaves))))
    return millis, tree_root(leaves)


def open_content(block, root):
    """None, or what is wrong with a block's private part under its epoch's seal root."""
    header = block.header
    if hmac_sha256(root, L("coco.epoch-commitment.1") + header.service + u64(header.epoch)) != header.commitment:
        return "sealed under another secret of this epoch"
    key = hkdf(header.service, root,
               L("coco.key.sealer.1") + header.sealer + u64(header.incarnation) + u64(header.term))
    try:
        plain = AESGCM(key).decrypt(block.private[:12], block.private[12:], header.bytes[:P_BYTES])
    except InvalidTag:
        return "the private part does not decrypt"
    length = int.from_bytes(plain[:4], "big")
    if len(plain) < 4 or length > len(plain) - 4 or padme(4 + length) != len(plain) or any(plain[4 + length:]):
        return "wrong padding"
    try:
        millis, found = leaf_root(hkdf(header.service, root, L("coco.key.salt.1")), header.height, plain[4:4 + length])
    except Malformed as error:
        return str(error)
    if millis // 1000 != header.timestamp:
        return "the time inside differs from the header's"
    return None if found == header.leaf_root else "the leaves do not give the header's leaf root"


# ---- Public write sets: write-set.md and 3.1 ------------------------------------------------------------------------


def write_set(data):
    """Yields (map, key, value or None)."""
    cursor = Bytes(data)
    if cursor.take(1) != b"\x01":
        raise Malformed("a write set of another format")
    maps, before = cursor.varint(4), b""
    for _ in range(maps):
        name = cursor.take(cursor.varint(4))
        if not re.fullmatch(rb"[a-z0-9][a-z0-9._-]{0,63}", name) or name <= before:
            raise Malformed("a map's name, or its order")
        before, key = name, b""
        changes = cursor.varint(4)
        if changes < 1:
            raise Malformed("a map without a change")
        for index in range(changes):
            shared = cursor.varint(4)
            suffix = cursor.take(cursor.varint(4))
            if not suffix or shared > len(key) or (index == 0 and shared):
                raise Malformed("a key")
            following = key[:shared] + suffix
            if index and (following <= key or following[:shared + 1] == key[:shared + 1]) or len(following) > 256:
                raise Malformed("order of keys")
            key = following
            tag = cursor.varint(4)
            yield name.decode("ascii"), key, None if tag == 0 else cursor.take(tag - 1)
    cursor.end()


class Facts:
    """What one block says in public of the service."""

    def __init__(self, height, data):
        self.document = None
        self.founded = 0
        self.identity = None
        self.admitted = []
        self.removed = []
        self.epoch = False
        self.constitution = None
        self.history = []
        shares = False
        for name, key, value in write_set(data):
            if name == "service.genesis":
                if height != 0:
                    raise Malformed("only genesis says what the network is founded on")
                if key == b"document":
                    self.document = value
                elif key == b"founded":
                    self.founded = int.from_bytes(value, "big")
            elif name == "service.identities":
                if value is None or self.identity or len(key) != 4 or len(value) < 12:
                    raise Malformed("a service identity")
                length = int.from_bytes(value[8:12], "big")
                identity = Identity(int.from_bytes(key, "big"), int.from_bytes(value[:8], "big"),
                                    certificate_of(value[12:12 + length]), value[12 + length:])
                if identity.height != height:
                    raise Malformed("a service identity of another height")
                self.identity = identity
            elif name == "service.sealers":
                if len(key) != 32:
                    raise Malformed("a sealer's name")
                if value is None:
                    self.removed.append(key)
                    continue
                if len(value) < 76:
                    raise Malformed("a sealer is cut off")
                certificate = certificate_of(value[76:])
                if H(value[76:]) != key:
                    raise Malformed("a sealer is named by the digest of another certificate")
                self.admitted.append((key, certificate, Endorsement(
                    int.from_bytes(value[:4], "big"), int.from_bytes(value[4:12], "big"), value[12:76])))
            elif name == "service.epochs" and value is not None:
                if key[:8] != u64(height):
                    raise Malformed("an epoch of another height")
                self.epoch = True
            elif name == "service.shares" and value is not None:
                shares = True
            elif name == "governance.constitution" and key == b"current" and value is not None:
                self.constitution = value
            elif name == "governance.history" and value is not None and key[:8] == u64(height):
                length = int.from_bytes(value[:4], "big")
                self.history.append(value[4:4 + length])
        if shares and not self.epoch:
            raise Malformed("a block deals shares without bringing an epoch")

    def recovers(self):
        return self.identity is not None and by_members(self.identity)


class Recovery:
    """A recovery: the first block whose lost nonce it forgives, or None."""

    def __init__(self, first_without_evidence=None):
        self.first_without_evidence = first_without_evidence


class Identity:
    def __init__(self, generation, height, certificate, endorsement):
        self.generation = generation
        self.height = height
        self.certificate = certificate
        self.endorsement = endorsement

    def is_by(self, service, before):
        return verifies(before.certificate,
                        identity_signed(service, self.generation, self.height, self.certificate), self.endorsement)


class Endorsement:
    def __init__(self, generation, height, signature):
        self.generation = generation
        self.height = height
        self.signature = signature

    def is_by(self, service, identity, digest):
        return verifies(identity.certificate,
                        sealer_signed(service, self.generation, self.height, digest), self.signature)


# ---- 6. Chunk files and 7. Verification -----------------------------------------------------------------------------


class Journal:
    """One verification; findings are (level, height, file, words)."""

    def __init__(self, service_certificate, seal_roots):
        self.service_certificate = service_certificate
        self.seal_roots = seal_roots
        self.findings = []
        self.counts = {level: [0, 0, 0] for level in LEVELS}
        self.incomplete = False
        self.invalid = False
        self.file = ""
        self.service = None
        self.parent = None  # (header) of the block before, None after a gap
        self.log = Frontier()
        self.whole = True
        self.known = False
        self.identity = None
        self.generation = 0
        self.epoch = 0
        self.terms = {}  # digest -> list of [certificate, from, to, endorsement]
        self.expected = 0
        self.blocks = 0
        self.head = ""
        self.unproven = None
        self.hashes = {}  # height -> header hash
        self.constitution = None

    def fail(self, level, height, words):
        self.invalid = True
        self.counts[level][2] += 1
        self.findings.append((level, height, self.file, words))

    def lacks(self, height, words):
        self.incomplete = True
        self.findings.append(("chunks", height, self.file, words))

    def cut(self, height, words):
        self.fail("chunks", height, words)
        self.gap()

    def gap(self):
        self.parent = None
        self.whole = False

    def verify(self, folder):
        names = sorted(name for name in os.listdir(folder) if re.fullmatch(r"[0-9]{20}\.chunk", name))
        for index, name in enumerate(names):
            self.file = name
            with open(os.path.join(folder, name), "rb") as file:
                self.chunk(file.read(), int(name[:20]), index + 1 == len(names))
        for name in os.listdir(folder):
            if name.endswith(".chunk.quarantined"):
                self.file = name
                self.lacks(-1, "was put aside as damaged by the node")
        if self.unproven is not None:
            self.lacks(self.unproven, "there is no nonce from here on")
        if not self.blocks and not self.invalid:
            self.lacks(-1, "there is no block in this folder")

    def chunk(self, data, first, last):
        self.counts["chunks"][0] += 1
        if len(data) < 64 or data[:8] != b"COCOJRNL" or crc32c(data[:12]) != int.from_bytes(data[12:16], "big"):
            return self.cut(-1, "no chunk header")
        if data[8:12] != u32(1):
            return self.cut(-1, "chunk version %d" % int.from_bytes(data[8:12], "big"))
        if (crc32c(data[:60]) != int.from_bytes(data[60:64], "big") or data[56:60] != bytes(4)
                or data[48:56] != u64(first)):
            return self.cut(-1, "a damaged chunk header, or another first height than the name's")
        if first > self.expected:
            self.lacks(self.expected, "heights %d to %d are not there" % (self.expected, first - 1))
            self.gap()
            self.known = False
        elif first < self.expected:
            self.cut(first, "an earlier chunk holds this height already")
            self.known = False
        at, offsets, height = 64, [], first
        while True:
            mark = data[at:at + 4]
            if mark == u32(0xFFFFFFFF):
                self.footer(data, at, offsets)
                break
            if len(data) - at < 4 or mark == bytes(4):
                if any(data[at:]):
                    return self.cut(height, "bytes after the last entry")
                if not last:
                    return self.cut(height, "the chunk was never closed, but another follows it")
                break
            length = int.from_bytes(mark, "big")
            end = at + 8 + length
            following = (end + 8) & ~7
            if length > BLOCK_BYTES_MAX + 48 or following > len(data) or length < 48:
                return self.cut(height, "an entry whose length cannot be")
            body = data[at + 8:end]
            if crc32c(mark + body) != int.from_bytes(data[at + 4:at + 8], "big"):
                return self.cut(height, "checksum of an entry")
            if data[end:following] != b"\xff" * (following - end):
                return self.cut(height, "padding of an entry")
            try:
                block = Block(body[48:])
            except Malformed as error:
                return self.cut(height, str(error))
            if block.header.height != height:
                return self.cut(height, "an entry of height %d" % block.header.height)
            if block.header.service != data[16:48]:
                self.fail("headers", height, "block of another service than its chunk")
            self.block(block, body[16:48])
            offsets.append(at)
            at, height = following, height + 1
        self.expected = height

    def footer(self, data, at, offsets):
        footer = data[at:]
        count = len(offsets)
        digest_at = 12 + 4 * count
        if (len(footer) != digest_at + 36 or footer[4:8] != b"FOOT" or footer[8:12] != u32(count)
                or footer[12:digest_at] != b"".join(map(u32, offsets))
                or footer[digest_at:digest_at + 32] != H(data[:at + digest_at])
                or footer[digest_at + 32:] != u32(len(footer))):
            self.cut(-1, "the footer")

    def block(self, block, nonce):
        header = block.header
        height = header.height
        self.blocks += 1
        try:
            facts = Facts(height, block.public)
        except Malformed as error:
            self.fail("signatures", height, "public write set: %s" % error)
            facts = None
        recovery = None
        if facts is not None and facts.recovers() and height > 0 and self.known:
            recovery = self.recovery(header, facts)
        self.headers(block)
        signer = self.signer(header)
        if facts is not None:
            if height == 0:
                self.genesis(header, facts)
                signer = self.signer(header)
            elif self.known and recovery is None:
                self.succession(height, facts)
        self.signature(block, signer)
        self.evidence(header, nonce, recovery)
        root = self.seal_roots.get(header.epoch)
        self.counts["content"][0 if root else 1] += 1
        problem = open_content(block, root) if root else None
        if problem:
            self.fail("content", height, problem)
        self.parent = header
        self.log.append(header.hash)
        self.head = header.hash.hex()
        self.hashes[height] = self.head
        if facts is not None and self.known and height > 0:
            if facts.epoch:
                self.epoch = height
            if facts.identity:
                self.generation = facts.identity.generation
        if facts is not None and facts.constitution is not None:
            self.constitution = facts.constitution

    def evidence(self, header, nonce, recovery):
        """A nonce that is lost is forgiven to the last blocks before a recovery that names the first of them."""
        self.counts["evidence"][0] += 1
        if nonce == bytes(32) and header.height > 0:
            self.unproven = header.height if self.unproven is None else self.unproven
            return
        forgiven = recovery.first_without_evidence if recovery is not None else None
        if self.unproven != forgiven:
            if self.unproven is not None:
                self.fail("evidence", self.unproven, "it was not committed: there is no nonce")
            else:
                self.fail("evidence", header.height, "takes blocks without a nonce as committed that have one")
        self.unproven = None
        if H(L("coco.evidence-digest.1"), nonce) != header.d:
            self.fail("evidence", header.height, "the nonce is not the one that the header commits to")

    def recovery(self, header, facts):
        """recovery.md, section 4: the block is sealed under what it brings, if members decided just that."""
        height, before, following = header.height, self.generation, facts.identity
        decision = Recovery()
        try:
            decision = self.decision(header, facts)
        except (Malformed, ValueError, KeyError, TypeError, AttributeError) as error:
            words = str(error) if isinstance(error, Malformed) else "it does not parse"
            self.fail("signatures", height, "begins a generation by a recovery that was not decided: %s" % words)
        if following.generation <= before:
            self.fail("signatures", height, "the generation does not grow")
        if not is_self_signed(following.certificate):
            self.fail("signatures", height, "a service certificate is not signed by its own key")
        if not facts.epoch or len(facts.admitted) != 1:
            self.fail("signatures", height, "a recovery begins an epoch and admits one sealer")
        self.identity, self.generation, self.epoch = following, following.generation, height
        for digest in self.terms:
            self.end(digest, height - 1)
        for digest, certificate, endorsement in facts.admitted:
            self.admit(height, digest, certificate, endorsement, height)
        return decision

    def decision(self, header, facts):
        """Members' decision in the history: what it forgives, or Malformed with what is wrong (sections 1 and 2)."""
        if len(facts.history) != 1 or facts.history[0][:1] != b"\x04":
            raise Malformed("no decision, or something beside it")
        if self.constitution is None:
            raise Malformed("no constitution is known")
        parts = lengthed(facts.history[0][1:])
        proposal, constitution = parse_json(parts[0]), parse_json(self.constitution)
        members(proposal, "format", "service", "generation", "height", "head", "firstWithoutEvidence", "node",
                "serviceCertificate", "evidence", "rollback")
        if proposal["format"] != 1 or proposal["service"] != header.service.hex():
            raise Malformed("another format or service")
        if (proposal["height"] != header.height - 1 or self.parent is None
                or proposal["head"] != self.parent.hash.hex()):
            raise Malformed("it goes on from another block than the one before")
        if (proposal["generation"] != constitution["generation"] + 1 or header.generation != proposal["generation"]
                or facts.identity.generation != proposal["generation"]
                or der(pem(proposal["serviceCertificate"])) != der(facts.identity.certificate)):
            raise Malformed("another generation, or another key")
        if H(der(pem(proposal["node"]["certificate"]))) != header.sealer:
            raise Malformed("another node than the one that sealed this")
        rollback = [(each["height"], each["hash"]) for each in array(proposal["rollback"], 65536)]
        digest = H(b"coco recovery v1\x00", parts[0]).hex()
        voted = set()
        for ballot in parts[1:]:
            voter, message = self.ballot(ballot, header, constitution)
            members({name: value for name, value in message.items() if name != "kept"},
                    "kind", "service", "generation", "expires", "nonce", "recovery", "rollback")
            if message["kind"] != "recovery" or message["recovery"] != digest:
                raise Malformed("%s voted for something else" % voter)
            if message["rollback"] is not bool(rollback):
                raise Malformed("%s did not agree to this rollback" % voter)
            if (message["service"] != header.service.hex() or message["generation"] != constitution["generation"]
                    or not 0 < natural(message["expires"]) - header.height <= 1 << 26):
                raise Malformed("the ballot of %s is of another service, generation or time" % voter)
            for kept in array(message.get("kept", []), 1):
                if (self.hashes.get(kept["height"]) != kept["hash"]
                        and (kept["height"], kept["hash"]) not in rollback):
                    raise Malformed("a block that %s kept is neither here nor given up" % voter)
            if voter in voted:
                raise Malformed("two ballots of " + voter)
            voted.add(voter)
        threshold = constitution["recovery"]["threshold"]
        needed = max(threshold, len(constitution["members"]) // 2 + 1)
        if threshold < 1 or len(voted) < needed:
            raise Malformed("%d ballots, %d are needed" % (len(voted), needed))
        first = proposal["firstWithoutEvidence"]
        return Recovery(first if first >= 0 else None)

    def ballot(self, data, header, constitution):
        """Who signed a ballot, and what it says (cose.md)."""
        cbor = Cbor(data)
        cbor.expect(6, 18)
        cbor.expect(4, 4)
        protected = cbor.string(33280)
        cbor.expect(5, 0)
        payload = cbor.string(512 * 1024)
        signature = cbor.string(96)
        cbor.cursor.end()
        headers = Cbor(protected)
        if headers.head(5) != 3:
            raise Malformed("a ballot by a chain of certificates, which this verifier does not follow")
        headers.label(1)
        algorithm = headers.integer()
        headers.label(3)
        if headers.text(64) != "application/coco-governance+json":
            raise Malformed("a message of another kind")
        headers.label(4)
        kid = headers.exactly(32)
        headers.cursor.end()
        for member in constitution["members"]:
            certificate = pem(member["certificate"])
            if "governanceUsage" not in member and H(der(certificate)) == kid:
                external = b"coco governance message v1\x00" + header.service
                signed = (b"\x84\x6aSignature1" + cbor_string(protected) + cbor_string(external)
                          + cbor_string(payload))
                if not may_sign(certificate) or not verifies_cose(certificate, algorithm, signed, signature):
                    raise Malformed("the signature of %s" % member["id"])
                return member["id"], parse_json(payload)
        raise Malformed("a ballot of nobody who is a member")

    def headers(self, block):
        header = block.header
        height = header.height
        self.counts["headers"][0] += 1
        if self.service is None:
            self.service = header.service
        elif self.service != header.service:
            self.fail("headers", height, "made for another service than the blocks before it")
        before = self.parent
        if height == 0 and header.parent != bytes(32):
            self.fail("headers", height, "genesis has a parent")
        if height > 0 and before is not None:
            if header.parent != before.hash:
                self.fail("headers", height, "another parent than the block before")
            if header.term < before.term or header.timestamp < before.timestamp:
                self.fail("headers", height, "term or time goes back")
        if self.whole and header.log_root != self.log.root():
            self.fail("headers", height, "the log root is not that of the headers before")
        if self.known and (header.epoch != self.epoch or header.generation != self.generation):
            self.fail("headers", height, "another epoch or generation than the one in force")
        if height == 0 and (header.epoch or header.generation):
            self.fail("headers", height, "genesis is of epoch 0 and generation 0")
        if H(block.public) != header.public_hash:
            self.fail("headers", height, "the public write set does not hash to the header's value")
        if H(block.private) != header.c:
            self.fail("headers", height, "the private part does not hash to the header's value")

    def genesis(self, header, facts):
        self.known = True
        if facts.document is not None and service_id(facts.document, spki(self.service_certificate)) != header.service:
            self.fail("signatures", 0, "the service id is not that of this document and this service certificate")
        first = facts.identity
        if first is None or first.generation != 0 or spki(first.certificate) != spki(self.service_certificate):
            self.fail("signatures", 0, "genesis names another service identity than this service certificate's")
        self.identity = first
        if first is not None:
            self.terms[H(der(first.certificate))] = [[first.certificate, 0, facts.founded, None]]
        for digest, certificate, endorsement in facts.admitted:
            self.admit(0, digest, certificate, endorsement, facts.founded + 1)

    def succession(self, height, facts):
        following = facts.identity
        if (facts.removed or following) and not facts.epoch:
            self.fail("signatures", height, "removes a sealer or begins a generation without beginning an epoch")
        if following is not None:
            if following.generation <= self.generation:
                self.fail("signatures", height, "the generation does not grow")
            if self.identity is None or not following.is_by(self.service, self.identity):
                self.fail("signatures", height, "the generation is not endorsed by the one before")
            if not is_self_signed(following.certificate):
                self.fail("signatures", height, "a service certificate is not signed by its own key")
            self.identity = following
        for digest in facts.removed:
            self.end(digest, height)
        for digest, certificate, endorsement in facts.admitted:
            self.admit(height, digest, certificate, endorsement, height + 1)
        if following is not None:
            for terms in self.terms.values():
                for _, begin, end, endorsement in terms:
                    if (begin <= height + 1 <= end and endorsement is not None
                            and endorsement.generation != following.generation):
                        self.fail("signatures", height, "a generation does not speak for a sealer that stays")

    def admit(self, height, digest, certificate, endorsement, begin):
        generation = self.identity.generation if self.identity else 0
        if (self.identity is None or endorsement.generation != generation or endorsement.height != height
                or not endorsement.is_by(self.service, self.identity, digest)):
            self.fail("signatures", height, "the service does not speak for the sealer %s" % digest.hex())
        self.end(digest, begin - 1)
        self.terms.setdefault(digest, []).append([certificate, begin, 1 << 63, endorsement])

    def end(self, digest, height):
        for term in self.terms.get(digest, [])[-1:]:
            term[2] = min(term[2], height)

    def signer(self, header):
        for certificate, begin, end, _ in self.terms.get(header.sealer, []):
            if begin <= header.height <= end:
                return certificate
        return None

    def signature(self, block, signer):
        if not self.known:
            self.counts["signatures"][1] += 1
            return
        self.counts["signatures"][0] += 1
        if signer is None:
            self.fail("signatures", block.header.height, "sealed by one who may not seal at this height")
        elif not verifies(signer, block.header.hash, block.signature):
            self.fail("signatures", block.header.height, "the signature is not the sealer's")

    def report(self):
        heights = [height for _, height, _, _ in self.findings if height >= 0]
        return {
            "verdict": "INVALID" if self.invalid else "INCOMPLETE" if self.incomplete else "VALID",
            "blocks": self.blocks,
            "headHash": self.head,
            "firstBadHeight": heights[0] if heights else -1,
            "levels": [dict(zip(("level", "checked", "skipped", "failed"), [level] + self.counts[level]))
                       for level in LEVELS],
            "findings": [dict(zip(("level", "height", "file", "words"), finding)) for finding in self.findings[:100]],
        }


# ---- receipt.md -----------------------------------------------------------------------------------------------------


class Cbor:
    """The deterministic part of CBOR that receipts use (RFC 8949, section 4.2.1)."""

    def __init__(self, data):
        self.cursor = Bytes(data)

    def head(self, major):
        byte = self.cursor.take(1)[0]
        if byte >> 5 != major:
            raise Malformed("an item of major type %d instead of %d" % (byte >> 5, major))
        information = byte & 0x1F
        if information < 24:
            return information
        if information > 27:
            raise Malformed("an indefinite length")
        width = 1 << (information - 24)
        value = int.from_bytes(self.cursor.take(width), "big")
        if value < (24 if width == 1 else 1 << (4 * width)) or value >> 63:
            raise Malformed("a head longer than needed, or a number beyond 63 bits")
        return value

    def integer(self):
        following = self.cursor.data[self.cursor.at:self.cursor.at + 1]
        return -1 - self.head(1) if following and following[0] >> 5 == 1 else self.head(0)

    def natural(self, most=(1 << 63) - 1):
        value = self.head(0)
        if value > most:
            raise Malformed("a number that is too large")
        return value

    def text(self, most):
        length = self.head(3)
        if length > most:
            raise Malformed("a text that is too long")
        return self.cursor.take(length).decode("ascii")

    def string(self, most):
        length = self.head(2)
        if length > most:
            raise Malformed("a byte string that is too long")
        return self.cursor.take(length)

    def exactly(self, length):
        data = self.string(length)
        if len(data) != length:
            raise Malformed("a byte string of another length")
        return data

    def expect(self, major, value):
        if self.head(major) != value:
            raise Malformed("another number than %d" % value)

    def label(self, value):
        if self.integer() != value:
            raise Malformed("another label than %d" % value)

    def none(self):
        if self.cursor.data[self.cursor.at:self.cursor.at + 1] == b"\xf6":
            self.cursor.at += 1
            return True
        return False


COCO = -65537
PROTECTED = bytes.fromhex("a2013a0001000019018b3a00010000")


class Head:
    def __init__(self, header, signature, nonce, sealer, endorsement):
        self.header = header
        self.signature = signature
        self.nonce = nonce
        self.sealer = sealer
        self.endorsement = endorsement


class Receipt:
    """head, leaf (salt, id, claims, writes), path (index, size, hashes), identities, newer (head, path) or None."""

    def __init__(self, head, leaf, path, identities, newer):
        self.head = head
        self.leaf = leaf
        self.path = path
        self.identities = identities
        self.newer = newer


def receipt_of_cose(data):
    cbor = Cbor(data)
    cbor.expect(6, 18)
    cbor.expect(4, 4)
    if cbor.string(len(PROTECTED)) != PROTECTED:
        raise Malformed("other protected headers than a receipt's")
    cbor.expect(5, 3)
    cbor.label(33)
    sealer = certificate_of(cbor.string(CERTIFICATE_BYTES_MAX))
    cbor.label(396)
    cbor.expect(5, 1)
    cbor.label(-1)
    cbor.expect(4, 1)
    path = cose_path(cbor)
    cbor.label(COCO)
    cbor.expect(4, 5)
    nonce = cbor.exactly(32)
    endorsement = cose_endorsement(cbor)
    cbor.expect(4, 4)
    leaf = [cbor.exactly(32) for _ in range(4)]
    identities = []
    count = cbor.head(4)
    if count > 4096:
        raise Malformed("too many identities")
    for _ in range(count):
        cbor.expect(4, 4)
        identities.append(Identity(cbor.natural((1 << 31) - 1), cbor.natural(),
                                   certificate_of(cbor.string(CERTIFICATE_BYTES_MAX)), cbor.string(64)))
    newer = None
    if not cbor.none():
        cbor.expect(4, 6)
        header, number, signature = Header(cbor.exactly(HEADER_BYTES)), cbor.exactly(32), cbor.exactly(64)
        certificate = certificate_of(cbor.string(CERTIFICATE_BYTES_MAX))
        newer = (Head(header, signature, number, certificate, cose_endorsement(cbor)), cose_path(cbor))
    header = Header(cbor.exactly(HEADER_BYTES))
    signature = cbor.exactly(64)
    cbor.cursor.end()
    return checked(Receipt(Head(header, signature, nonce, sealer, endorsement), leaf, path, identities, newer))


def cose_path(outer):
    cbor = Cbor(outer.string(4096))
    cbor.expect(4, 3)
    size, index = cbor.natural(), cbor.natural()
    count = cbor.head(4)
    if count > 63:
        raise Malformed("a path that is too long")
    hashes = [cbor.exactly(32) for _ in range(count)]
    cbor.cursor.end()
    return index, size, hashes


def cose_endorsement(cbor):
    if cbor.none():
        return None
    cbor.expect(4, 3)
    return Endorsement(cbor.natural((1 << 31) - 1), cbor.natural(), cbor.exactly(64))


def checked(receipt):
    for identity in receipt.identities:
        if len(identity.endorsement) not in ((0, 64) if identity.generation else (0,)):
            raise Malformed("an endorsement of another length")
    return receipt


def parse_json(data):
    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise Malformed("a name twice")
        return dict(pairs)

    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error


def lengthed(data):
    """Parts, each behind its length in four bytes."""
    cursor, parts = Bytes(data), []
    while cursor.at < len(data):
        parts.append(cursor.take(int.from_bytes(cursor.take(4), "big")))
    if not parts:
        raise Malformed("nothing")
    return parts


def cbor_string(data):
    length = len(data)
    for width, code in ((1, 24), (2, 25), (4, 26)):
        if length < 24:
            return bytes([0x40 | length]) + data
        if length >> (8 * width) == 0:
            return bytes([0x40 | code]) + length.to_bytes(width, "big") + data
    raise Malformed("a byte string that is too long")


def may_sign(certificate):
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        return usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        return True


def verifies_cose(certificate, algorithm, signed, signature):
    """ES256 on P-256 or ES384 on P-384, r and s side by side."""
    curve, width, hashed = {-7: (ec.SECP256R1, 32, SHA256), -35: (ec.SECP384R1, 48, SHA384)}.get(
        algorithm, (None, 0, None))
    key = certificate.public_key()
    if curve is None or not isinstance(key.curve, curve) or len(signature) != 2 * width:
        return False
    r, s = int.from_bytes(signature[:width], "big"), int.from_bytes(signature[width:], "big")
    try:
        key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(hashed()))
        return True
    except (InvalidSignature, ValueError):
        return False


def members(value, *names):
    if not isinstance(value, dict) or set(value) != set(names):
        raise Malformed("an object with other members than %s" % ", ".join(names))
    return value


def unhex(value, length):
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{%d}" % (2 * length), value):
        raise Malformed("not %d bytes in lower-case hexadecimal" % length)
    return binascii.unhexlify(value)


def natural(value, most=(1 << 63) - 1):
    if type(value) is not int or not 0 <= value <= most:
        raise Malformed("no number")
    return value


def array(value, most):
    if not isinstance(value, list) or len(value) > most:
        raise Malformed("no array, or one that is too long")
    return value


def pem(value):
    if not isinstance(value, str) or len(value) > 2 * CERTIFICATE_BYTES_MAX:
        raise Malformed("no certificate")
    try:
        return certificate_of(der(x509.load_pem_x509_certificate(value.encode("ascii"))))
    except ValueError as error:
        raise Malformed("no certificate in PEM") from error


def receipt_of_json(data):
    value = parse_json(data)
    members(value, "format", "head", "leaf", "path", "identities", "newer")
    if value["format"] != "coco-receipt-1":
        raise Malformed("another format")
    leaf = members(value["leaf"], "salt", "id", "claims", "writes")
    identities = []
    for each in array(value["identities"], 4096):
        members(each, "generation", "height", "certificate", "endorsement")
        generation = natural(each["generation"], (1 << 31) - 1)
        identities.append(Identity(generation, natural(each["height"]), pem(each["certificate"]),
                                   unhex(each["endorsement"], 64 if each["endorsement"] else 0)))
    newer = value["newer"]
    if newer is not None:
        members(newer, "head", "path")
        newer = (json_head(newer["head"]), json_path(newer["path"]))
    return checked(Receipt(json_head(value["head"]),
                           [unhex(leaf[name], 32) for name in ("salt", "id", "claims", "writes")],
                           json_path(value["path"]), identities, newer))


def json_head(value):
    members(value, "header", "signature", "nonce", "sealer", "endorsement")
    endorsement = value["endorsement"]
    if endorsement is not None:
        members(endorsement, "generation", "height", "signature")
        endorsement = Endorsement(natural(endorsement["generation"], (1 << 31) - 1), natural(endorsement["height"]),
                                  unhex(endorsement["signature"], 64))
    return Head(Header(unhex(value["header"], HEADER_BYTES)), unhex(value["signature"], 64),
                unhex(value["nonce"], 32), pem(value["sealer"]), endorsement)


def json_path(value):
    members(value, "index", "size", "hashes")
    return (natural(value["index"]), natural(value["size"]),
            [unhex(each, 32) for each in array(value["hashes"], 63)])


def read_receipt(data):
    if len(data) > RECEIPT_BYTES_MAX:
        raise Malformed("too long")
    return receipt_of_cose(data) if data[:1] == b"\xd2" else receipt_of_json(data)


def check_receipt(receipt, pinned):
    """[(check, None or what is wrong)], in order."""
    checks = []
    service = receipt.head.header.service
    identities = receipt.identities
    checks.append(("service identities", identities_problem(identities, service, pinned)))
    check_head(receipt.head, identities, service, checks)
    if receipt.head.nonce == bytes(32) and receipt.newer is not None:
        checks[-1] = ("commit evidence", None)
    index, size, hashes = receipt.path
    leaf = H(b"\x00\x01", *receipt.leaf)
    shape = size > 0 and size & (size - 1) == 0
    found = root_of(leaf, index, size, hashes) if shape else None
    checks.append(("leaf", None if found == receipt.head.header.leaf_root else "the block does not commit to it"))
    newest = identities[-1].generation if identities else None
    header = receipt.head.header
    if receipt.newer is None:
        checks.append(("generation", None if header.generation == newest else "of an older generation"))
        return checks
    later, (index, size, hashes) = receipt.newer
    check_head(later, identities, service, checks)
    checks.append(("generation", None if later.header.generation == newest else "the head is of an older generation"))
    included = (index == header.height and size == later.header.height
                and root_of(leaf_hash(header.hash), index, size, hashes) == later.header.log_root)
    checks.append(("generation", None if included else "the block is not in the log of the newest head"))
    return checks


def by_members(identity):
    return identity.generation > 0 and not identity.endorsement


def identities_problem(identities, service, pinned):
    found, before, recovered = False, None, False
    for identity in identities:
        if der(identity.certificate) != der(pinned) and not is_self_signed(identity.certificate):
            return "a service certificate is not signed by its own key"
        if before is None:
            if identity.generation or identity.height:
                return "they do not begin with the first"
        elif identity.generation <= before.generation or identity.height <= before.height:
            return "they are in no order"
        elif by_members(identity):
            recovered = recovered or found
        elif not identity.is_by(service, before):
            return "one is not endorsed by the one before"
        if spki(identity.certificate) == spki(pinned):
            found, recovered = True, False
        before = identity
    if recovered:
        return "members began one after the given one, in a recovery"
    return None if found else "none is of the service certificate that was given"


def check_head(head, identities, service, checks):
    header = head.header
    digest = H(der(head.sealer))
    checks.append(("sealer", sealer_problem(head, digest, identities, service)))
    checks.append(("signature", None if verifies(head.sealer, header.hash, head.signature) else "not the sealer's"))
    committed = H(L("coco.evidence-digest.1"), head.nonce) == header.d
    checks.append(("commit evidence", None if committed else "not committed"))


def first_height(identity):
    return identity.height + (0 if by_members(identity) else 1)


def sealer_problem(head, digest, identities, service):
    header = head.header
    if header.service != service:
        return "the block is of another service"
    if header.sealer != digest:
        return "the header names another certificate"
    at = next((i for i, identity in enumerate(identities) if identity.generation == header.generation), None)
    if (at is None or (at > 0 and header.height < first_height(identities[at]))
            or (at + 1 < len(identities) and header.height >= first_height(identities[at + 1]))):
        return "that generation was not in force at this height"
    identity, endorsement = identities[at], head.endorsement
    if endorsement is None:
        founding = at == 0 and header.term == 0 and der(head.sealer) == der(identity.certificate)
        return None if founding else "the service does not speak for it"
    if endorsement.generation != header.generation or endorsement.height < identity.height:
        return "the service spoke for it in another generation"
    if header.height < endorsement.height + (0 if by_members(identity) else 1):
        return "it was admitted later"
    return None if endorsement.is_by(service, identity, digest) else "the service does not speak for it"


def judge_receipt(data, pinned):
    """The word of docs/specs/vectors/receipts/index.txt."""
    try:
        receipt = read_receipt(data)
    except Malformed:
        return "malformed"
    return next((check for check, problem in check_receipt(receipt, pinned) if problem), "valid")


# ---- Commands -------------------------------------------------------------------------------------------------------


def load_certificate(path):
    with open(path, "rb") as file:
        return x509.load_pem_x509_certificate(file.read())


def command_journal(arguments):
    roots = {}
    for each in arguments.seal_root:
        epoch, _, digits = each.partition("=")
        roots[int(epoch)] = bytes.fromhex(digits)
    worst = 0
    for folder in arguments.folder:
        inner = os.path.join(folder, "journal")
        journal = Journal(load_certificate(arguments.service_cert), roots)
        journal.verify(inner if os.path.isdir(inner) else folder)
        report = journal.report()
        if arguments.json:
            print(json.dumps(report))
        else:
            print(folder + ": " + report["verdict"].lower())
            for level in report["levels"]:
                print("  %(level)-12s %(checked)d checked, %(skipped)d skipped, %(failed)d failed" % level)
            for finding in report["findings"]:
                print("  %(file)s: height %(height)d: %(words)s" % finding)
        worst = max(worst, {"VALID": 0, "INCOMPLETE": 1, "INVALID": 2}[report["verdict"]])
    return (0, 3, 1)[worst]


def command_receipt(arguments):
    with open(arguments.file, "rb") as file:
        data = file.read(RECEIPT_BYTES_MAX + 1)
    try:
        checks = check_receipt(read_receipt(data), load_certificate(arguments.service_cert))
    except Malformed as error:
        checks = [("form", str(error))]
    valid = all(problem is None for _, problem in checks)
    if arguments.json:
        print(json.dumps({"verdict": "verified" if valid else "refused",
                          "checks": [{"name": name, "verdict": "failed" if problem else "passed", "seen": problem}
                                     for name, problem in checks]}))
    else:
        for name, problem in checks:
            print("  %-6s  %-18s  %s" % ("FAILED" if problem else "passed", name, problem or ""))
        print("verdict: " + ("verified" if valid else "refused"))
    return 0 if valid else 1


def command_vectors(arguments):
    wrong = checked_count = 0
    with open(os.path.join(arguments.folder, "index.txt"), encoding="utf-8") as index:
        for line in index:
            if line.startswith("#"):
                continue
            name, certificate, expected = line.strip().split(" ", 2)
            with open(os.path.join(arguments.folder, name), "rb") as file:
                found = judge_receipt(file.read(), load_certificate(os.path.join(arguments.folder, certificate)))
            checked_count += 1
            if found != expected:
                wrong += 1
                print("%s: %s instead of %s" % (name, found, expected))
    print("%d receipts, %d judged otherwise" % (checked_count, wrong))
    return 1 if wrong or not checked_count else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    journal = commands.add_parser("journal")
    journal.add_argument("folder", nargs="+")
    journal.add_argument("--service-cert", required=True)
    journal.add_argument("--seal-root", action="append", default=[], metavar="EPOCH=HEX")
    journal.add_argument("--json", action="store_true")
    journal.set_defaults(run=command_journal)
    receipt = commands.add_parser("receipt")
    receipt.add_argument("file")
    receipt.add_argument("--service-cert", required=True)
    receipt.add_argument("--json", action="store_true")
    receipt.set_defaults(run=command_receipt)
    vectors = commands.add_parser("vectors")
    vectors.add_argument("folder")
    vectors.set_defaults(run=command_vectors)
    arguments = parser.parse_args()
    sys.exit(arguments.run(arguments))


if __name__ == "__main__":
    main()
