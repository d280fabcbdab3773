package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.P256;
import coco.journal.OpenResult.Kind;
import coco.journal.OpenResult.Opened;
import coco.journal.OpenResult.Refusal;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SealingTest {
    private final TestNetwork network = new TestNetwork(1);

    @Test
    void shouldOpenWhatWasSealedWhenNothingChanged() throws MalformedException {
        BlockContent content = network.content(TestNetwork.GENESIS_MILLIS + 999, 5, 40);
        byte[] publicWrites = network.bytes(70);
        SealedBlock block = network.sealer().seal(ChainHead.NONE, 7, network.keys, content, publicWrites);

        OpenResult result = network.opener().open(SealedBlock.parse(block.bytes()), ChainHead.NONE);

        assertThat(result).isInstanceOf(Opened.class);
        Opened opened = (Opened) result;
        assertThat(opened.content()).usingRecursiveComparison().isEqualTo(content);
        assertThat(opened.block().publicWrites()).isEqualTo(publicWrites);
        assertThat(opened.header().timestampSeconds()).isEqualTo(TestNetwork.GENESIS_MILLIS / 1000);
        assertThat(opened.header().term()).isEqualTo(7);
        assertThat(opened.header().hash()).isEqualTo(block.headerHash());
        assertThat(BlockSealer.sealedLength(content, 70)).isEqualTo(block.bytes().length);
    }

    @Test
    void shouldChainWhenSealedOneAfterAnother() {
        ChainHead head = ChainHead.NONE;
        for (JournalEntry entry : network.chain(9, 2, 10)) {
            assertThat(network.opener().open(entry.block(), head)).isInstanceOf(Opened.class);
            head = head.next(entry.block());
        }
        assertThat(head.height()).isEqualTo(8);
        assertThat(head.log().size()).isEqualTo(9);
    }

    @Test
    void shouldRefuseBlocksThatDoNotFollowTheHead() {
        List<JournalEntry> chain = network.chain(3, 1, 10);
        ChainHead afterFirst = ChainHead.NONE.next(chain.get(0).block());
        assertRefused(network.opener().open(chain.get(2).block(), afterFirst), Kind.WRONG_HEIGHT);

        BlockContent other = network.content(TestNetwork.GENESIS_MILLIS, 1, 10);
        SealedBlock rival = network.sealer().seal(ChainHead.NONE, 3, network.keys, other, new byte[0]);
        assertRefused(network.opener().open(chain.get(1).block(), ChainHead.NONE.next(rival)), Kind.WRONG_PARENT);

        ChainHead later = new ChainHead(0, afterFirst.hash(), Long.MAX_VALUE, 3, 0, afterFirst.log());
        assertRefused(network.opener().open(chain.get(1).block(), later), Kind.GOES_BACK);
        ChainHead otherLog = new ChainHead(0, afterFirst.hash(), 0, 3, 0, LogFrontier.EMPTY);
        assertRefused(network.opener().open(chain.get(1).block(), otherLog), Kind.WRONG_LOG_ROOT);
    }

    @Test
    void shouldNameWhatIsWrongWhenAnyByteOfASealedBlockIsFlipped() {
        BlockContent content = network.content(TestNetwork.GENESIS_MILLIS, 1, 8);
        byte[] good = network.sealer()
                .seal(ChainHead.NONE, 1, network.keys, content, network.bytes(9))
                .bytes();
        Set<Kind> seen = new HashSet<>();
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << (i % 8));
            Kind kind;
            try {
                OpenResult result = network.opener().open(SealedBlock.parse(bad), ChainHead.NONE);
                assertThat(result).as("byte %d", i).isInstanceOf(Refusal.class);
                kind = ((Refusal) result).kind();
            } catch (MalformedException e) {
                kind = Kind.MALFORMED;
            }
            seen.add(kind);
        }
        assertThat(seen)
                .contains(
                        Kind.MALFORMED,
                        Kind.WRONG_SERVICE,
                        Kind.WRONG_HEIGHT,
                        Kind.WRONG_PARENT,
                        Kind.WRONG_LOG_ROOT,
                        Kind.UNKNOWN_SEALER,
                        Kind.BAD_SIGNATURE,
                        Kind.WRONG_PUBLIC_WRITES,
                        Kind.WRONG_PRIVATE_PART);
    }

    @Test
    void shouldReopenOnlyWhatIsProvenToBeCommittedAndUnchanged() throws MalformedException {
        BlockOpener opener = network.opener();
        SealedBlock block = network.sealer()
                .seal(ChainHead.NONE, 1, network.keys, network.content(TestNetwork.GENESIS_MILLIS, 3, 40), new byte[9]);
        byte[] nonce = opener.evidenceNonce(block);
        if (nonce == null) {
            throw new AssertionError("the key is there");
        }
        assertThat(opener.reopen(new JournalEntry(1, 1, nonce, block), ChainHead.NONE))
                .isInstanceOf(Opened.class);
        // Sealed and signed, but nobody ever showed that it was committed.
        assertRefused(opener.reopen(new JournalEntry(1, 1, new byte[32], block), ChainHead.NONE), Kind.WRONG_EVIDENCE);
        int signature = block.bytes().length - SealedBlock.SIGNATURE_LENGTH;
        for (int at = 0; at < signature; at += 3) {
            byte[] changed = block.bytes().clone();
            changed[at] ^= 0x10;
            SealedBlock other;
            try {
                other = SealedBlock.parse(changed);
            } catch (MalformedException e) {
                continue;
            }
            assertThat(opener.reopen(new JournalEntry(1, 1, nonce, other), ChainHead.NONE))
                    .as("byte %d", at)
                    .isInstanceOf(OpenResult.Refusal.class);
        }
        byte[] unsigned = block.bytes().clone();
        unsigned[signature] ^= 1;
        JournalEntry entry = new JournalEntry(1, 1, nonce, SealedBlock.parse(unsigned));
        assertThat(opener.reopen(entry, ChainHead.NONE)).isInstanceOf(Opened.class);
        assertRefused(opener.open(entry.block(), ChainHead.NONE), Kind.BAD_SIGNATURE);
    }

    @Test
    void shouldRereadOnlyWhatIsProvenToBeCommittedAndUnchanged() throws MalformedException {
        BlockContent content = network.content(TestNetwork.GENESIS_MILLIS, 3, 40);
        SealedBlock block = network.sealer().seal(ChainHead.NONE, 1, network.keys, content, new byte[9]);
        byte[] nonce = network.opener().evidenceNonce(block);
        if (nonce == null) {
            throw new AssertionError("the key is there");
        }
        RereadResult result = network.opener().reread(new JournalEntry(1, 1, nonce, block));
        if (!(result instanceof RereadResult.Content(BlockContent reread))) {
            throw new AssertionError(result.toString());
        }
        assertThat(reread).usingRecursiveComparison().isEqualTo(content);
        assertThat(network.opener().reread(new JournalEntry(1, 1, new byte[32], block)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.WRONG_EVIDENCE));
        int flipped = 0;
        for (int at = 0; at < block.bytes().length; at++) {
            byte[] changed = block.bytes().clone();
            changed[at] ^= (byte) (1 << (at % 8));
            try {
                assertThat(network.opener().reread(new JournalEntry(1, 1, nonce, SealedBlock.parse(changed))))
                        .as("byte %d", at)
                        .isInstanceOf(Refusal.class);
                flipped++;
            } catch (MalformedException notEvenABlock) {
                assertThat(notEvenABlock).hasMessageNotContaining("null");
            }
        }
        assertThat(flipped).isGreaterThan(block.bytes().length * 9 / 10);
    }

    @Test
    void shouldRefuseAnotherBlocksCiphertextUnderAValidHeader() throws MalformedException {
        BlockSealer sealer = network.sealer();
        BlockContent one = network.content(TestNetwork.GENESIS_MILLIS, 1, 8);
        BlockContent two = network.content(TestNetwork.GENESIS_MILLIS, 1, 8);
        SealedBlock first = sealer.seal(ChainHead.NONE, 1, network.keys, one, new byte[0]);
        SealedBlock second = sealer.seal(ChainHead.NONE, 1, network.keys, two, new byte[0]);
        byte[] swapped = first.bytes().clone();
        System.arraycopy(
                second.bytes(), second.privateOffset(), swapped, first.privateOffset(), second.privateLength());
        assertRefused(network.opener().open(SealedBlock.parse(swapped)), Kind.WRONG_PRIVATE_PART);
    }

    /** A sealer that signs what it likes: everything behind the signature must hold on its own. */
    @Test
    void shouldRefuseASignedHeaderWhoseInsideIsWrong() throws MalformedException {
        BlockSealer sealer = network.sealer();
        BlockContent content = network.content(TestNetwork.GENESIS_MILLIS, 1, 8);
        SealedBlock block = sealer.seal(ChainHead.NONE, 1, network.keys, content, new byte[0]);
        int leafRoot = BlockHeader.P_LENGTH - 128;

        byte[] ciphertext = block.bytes().clone();
        ciphertext[block.privateOffset() + 20] ^= 1;
        assertRefused(network.opener().open(resign(ciphertext, block)), Kind.NOT_AUTHENTIC);
        byte[] leaf = block.bytes().clone();
        leaf[leafRoot] ^= 1;
        assertRefused(network.opener().open(resign(leaf, block)), Kind.NOT_AUTHENTIC);
        byte[] commitment = block.bytes().clone();
        commitment[BlockHeader.P_LENGTH - 1] ^= 1;
        assertRefused(network.opener().open(resign(commitment, block)), Kind.WRONG_EPOCH_COMMITMENT);
        byte[] epoch = block.bytes().clone();
        epoch[63] ^= 1;
        assertRefused(network.opener().open(resign(epoch, block)), Kind.WRONG_EPOCH);
        byte[] generation = block.bytes().clone();
        generation[39] ^= 1;
        assertRefused(network.opener().open(resign(generation, block)), Kind.WRONG_GENERATION);
        byte[] evidence = block.bytes().clone();
        evidence[BlockHeader.EVIDENCE_DIGEST_OFFSET] ^= 1;
        byte[] signature = P256.sign(network.nodeKeys.getPrivate(), BlockHeader.hash(evidence, 0));
        System.arraycopy(signature, 0, evidence, evidence.length - 64, 64);
        assertRefused(network.opener().open(SealedBlock.parse(evidence)), Kind.WRONG_EVIDENCE);
    }

    @Test
    void shouldSayWhichEpochsSecretIsMissing() {
        SealedBlock block = network.chain(1, 1, 8).getFirst().block();
        OpenerKeys nothing = new OpenerKeys() {
            @Override
            public @Nullable SealRoot sealRoot(long id) {
                return null;
            }

            @Override
            public @Nullable EvidenceKey evidenceKey(int generation) {
                return null;
            }
        };
        BlockOpener opener = new BlockOpener(network.serviceId, nothing, network.directory, TestNetwork.LIMITS);
        assertRefused(opener.open(block), Kind.UNKNOWN_EPOCH);
    }

    private SealedBlock resign(byte[] bytes, SealedBlock like) throws MalformedException {
        byte[] c = Digests.hash(Bytes.slice(bytes, like.privateOffset(), like.privateLength()));
        System.arraycopy(c, 0, bytes, BlockHeader.PRIVATE_HASH_OFFSET, 32);
        byte[] d = EvidenceKey.digest(network.evidenceKey.nonce(EvidenceKey.seed(bytes, 0)));
        System.arraycopy(d, 0, bytes, BlockHeader.EVIDENCE_DIGEST_OFFSET, 32);
        byte[] signature = P256.sign(network.nodeKeys.getPrivate(), BlockHeader.hash(bytes, 0));
        System.arraycopy(signature, 0, bytes, bytes.length - 64, 64);
        return SealedBlock.parse(bytes);
    }

    @Test
    void shouldRefuseASealerThatIsNotAdmittedAtTheHeight() {
        JournalEntry entry = network.chain(1, 1, 8).getFirst();
        network.directory.apply(
                0, List.of(new SealerChange.Removed(entry.block().header().sealer(), 0)));
        assertThat(network.opener().open(entry.block())).isInstanceOf(Opened.class);
        assertThat(network.directory.publicKey(entry.block().header().sealer(), 1))
                .isNull();
        network.directory.apply(5, List.of(new SealerChange.Admitted(network.node)));
        assertThat(network.directory.publicKey(entry.block().header().sealer(), 5))
                .isNull();
        assertThat(network.directory.publicKey(entry.block().header().sealer(), 6))
                .isNotNull();
        BlockOpener nobody =
                new BlockOpener(network.serviceId, network.keys(), TestNetwork.sealedBy(null), TestNetwork.LIMITS);
        assertRefused(nobody.open(entry.block()), Kind.UNKNOWN_SEALER);
    }

    @Test
    void shouldNeverUseAKeyAndIvTwiceWhenBlocksAreBuiltAgain() {
        Set<String> used = new HashSet<>();
        BlockContent content = network.content(TestNetwork.GENESIS_MILLIS, 1, 8);
        RandomGenerator random = new Random(5);
        for (int life = 0; life < 20; life++) {
            BlockSealer sealer = network.sealer();
            for (int attempt = 0; attempt < 20; attempt++) {
                long term = random.nextInt(3);
                SealedBlock block = sealer.seal(ChainHead.NONE, term, network.keys, content, new byte[0]);
                BlockHeader header = block.header();
                byte[] key = network.epoch.sealRoot().sealerKey(header.sealer(), header.incarnation(), header.term());
                String pair = HexFormat.of().formatHex(key) + HexFormat.of().formatHex(block.iv());
                assertThat(used.add(pair))
                        .as("life %d attempt %d", life, attempt)
                        .isTrue();
            }
        }
    }

    @Test
    void shouldKeepTheSealerFromMakingWhatNobodyWouldOpen() {
        BlockContent content = network.content(TestNetwork.GENESIS_MILLIS, 1, 8);
        SealedBlock genesis = network.sealer().seal(ChainHead.NONE, 4, network.keys, content, new byte[0]);
        ChainHead head = ChainHead.NONE.next(genesis);
        BlockContent earlier = network.content(TestNetwork.GENESIS_MILLIS - 1000, 1, 8);
        assertThatThrownBy(() -> network.sealer().seal(head, 4, network.keys, earlier, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> network.sealer().seal(head, 3, network.keys, content, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        JournalLimits narrow = JournalLimits.DEFAULT.withBlockBytes(4_000);
        BlockSealer sealer = new BlockSealer(
                new SealerIdentity(network.serviceId, SealerChange.digest(network.node), network.nodeKeys.getPrivate()),
                network.random,
                narrow);
        assertThatThrownBy(() -> sealer.seal(head, 4, network.keys, content, new byte[4_000]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldGiveATypedErrorWhenBytesAreRandomOrMutated() {
        long seed = 20_260_101;
        Random random = new Random(seed);
        byte[] good = network.chain(1, 3, 30).getFirst().block().bytes();
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = round % 2 == 0 ? new byte[random.nextInt(900)] : mutate(good, random);
            if (round % 2 == 0) {
                random.nextBytes(bad);
                if (bad.length > 4) {
                    System.arraycopy(good, 0, bad, 0, 4);
                }
            }
            try {
                SealedBlock block = SealedBlock.parse(bad);
                assertThat(block.bytes()).isSameAs(bad);
                if (!Arrays.equals(bad, good)) {
                    assertThat(BlockOpener.refuseHashes(block) != null
                                    || BlockOpener.refuseSignature(block, network.directory) != null)
                            .as("seed %d round %d", seed, round)
                            .isTrue();
                }
            } catch (MalformedException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void shouldGiveATypedErrorWhenThePlaintextIsMutated() {
        Random random = new Random(7);
        byte[] good = ContentCodec.encode(network.content(1_000, 4, 20));
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = mutate(good, random);
            try {
                BlockContent content = ContentCodec.decode(bad, TestNetwork.LIMITS);
                assertThat(ContentCodec.encode(content)).as("round %d", round).isEqualTo(bad);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    static byte[] mutate(byte[] good, Random random) {
        byte[] bad = random.nextInt(8) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 20)) : good.clone();
        for (int i = random.nextInt(3); i >= 0 && bad.length > 0; i--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        return bad;
    }

    @Test
    void shouldShowOnlyThePaddedLengthOutside() {
        int one = (int) BlockSealer.sealedLength(network.content(1_000, 100, 100), 0);
        BlockContent more = network.content(1_000, 100, 100);
        Section section = more.sections().getFirst();
        Section longer = new Section("ethereum", section.entries(), new byte[130], section.writes());
        assertThat(BlockSealer.sealedLength(new BlockContent(1_000, List.of(longer)), 0))
                .isEqualTo(one);
    }

    @Test
    void shouldDeriveADifferentKeyForEachPurposeAndEpoch() {
        EpochSecrets a = network.epoch;
        EpochSecrets b = new EpochSecrets(network.serviceId, 5, TestNetwork.fill(1));
        EpochSecrets c = new EpochSecrets(TestNetwork.fill(9), 0, TestNetwork.fill(1));
        Set<String> keys = new HashSet<>();
        for (EpochSecrets secrets : List.of(a, b, c)) {
            for (byte[] key : List.of(
                    secrets.snapshotKey(),
                    secrets.blindingKey(),
                    secrets.prevRandaoKey(),
                    secrets.indexKey(TestNetwork.fill(1)),
                    secrets.indexKey(TestNetwork.fill(2)),
                    secrets.sealRoot().secret(),
                    secrets.sealRoot().saltKey(),
                    secrets.sealRoot().commitment(),
                    secrets.sealRoot().sealerKey(TestNetwork.fill(1), 1, 1),
                    secrets.sealRoot().sealerKey(TestNetwork.fill(1), 2, 1),
                    secrets.sealRoot().sealerKey(TestNetwork.fill(1), 1, 2))) {
                assertThat(keys.add(HexFormat.of().formatHex(key))).isTrue();
            }
        }
    }

    @Test
    void shouldRefuseAKeyOnAnotherCurveWithoutThrowing() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(384, new SecureRandom());
        PublicKey other = generator.generateKeyPair().getPublic();
        SealedBlock block = network.chain(1, 1, 8).getFirst().block();
        BlockOpener opener =
                new BlockOpener(network.serviceId, network.keys(), TestNetwork.sealedBy(other), TestNetwork.LIMITS);
        assertRefused(opener.open(block), Kind.BAD_SIGNATURE);
    }

    private static void assertRefused(OpenResult result, Kind kind) {
        assertThat(result).isInstanceOf(Refusal.class);
        assertThat(((Refusal) result).kind()).as(((Refusal) result).words()).isEqualTo(kind);
    }
}
