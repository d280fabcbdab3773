package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Hex;
import coco.crypto.KeyEncryption;
import coco.crypto.P256;
import coco.crypto.PrivateKeyFiles;
import coco.journal.EpochShares.Kind;
import coco.journal.EpochShares.SealedShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Records of shares: what members open with them, what nodes check, and what does not parse. */
class EpochSharesTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] SERVICE = Arrays.copyOf(new byte[] {9}, 32);

    private final List<KeyPair> keys = List.of(rsa(), P256.generate(RANDOM), P256.generate(RANDOM));
    private final Recovery recovery = new Recovery(
            2,
            List.of(
                    new Recovery.Recipient("alice", keys.get(0).getPublic()),
                    new Recovery.Recipient("bob", keys.get(1).getPublic()),
                    new Recovery.Recipient("carol", keys.get(2).getPublic())));

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static EpochSecrets epoch(long id) {
        byte[] secret = new byte[32];
        new Random(id).nextBytes(secret);
        return new EpochSecrets(SERVICE, id, secret);
    }

    private static List<SealRoot> roots(long... ids) {
        return Arrays.stream(ids).mapToObj(id -> epoch(id).sealRoot()).toList();
    }

    private EpochShares.RecoveryKey key(int member) {
        return (context, enclosed) -> KeyEncryption.open(keys.get(member).getPrivate(), context, enclosed);
    }

    private byte[] share(EpochShares record, int member) {
        String name = recovery.recipients().get(member).member();
        return Objects.requireNonNull(record.open(SERVICE, name, key(member)));
    }

    @Test
    void shouldOpenTheEpochForMMembersAndForNoFewer() throws MalformedException {
        EpochSecrets secrets = epoch(7);
        EpochShares dealt = EpochShares.deal(secrets, recovery, RANDOM);
        EpochShares record = EpochShares.decode(dealt.id().key(), dealt.value());
        assertThat(record.epochs()).containsExactly(7L);
        for (int[] pair : new int[][] {{0, 1}, {0, 2}, {1, 2}}) {
            CollectedShares collected = new CollectedShares(SERVICE, record);
            assertThat(collected.add(pair[0] + 1, share(record, pair[0]))).isEqualTo(CollectedShares.Taken.TAKEN);
            assertThat(collected.missing()).isEqualTo(1);
            assertThat(collected.open()).isNull();
            assertThat(collected.add(pair[0] + 1, share(record, pair[0]))).isEqualTo(CollectedShares.Taken.ALREADY);
            assertThat(collected.add(pair[1] + 1, share(record, pair[0]))).isEqualTo(CollectedShares.Taken.WRONG);
            assertThat(collected.add(pair[1] + 1, share(record, pair[1]))).isEqualTo(CollectedShares.Taken.TAKEN);
            SortedMap<Long, SealRoot> opened = Objects.requireNonNull(collected.open());
            assertThat(Objects.requireNonNull(opened.get(7L)).secret())
                    .isEqualTo(secrets.sealRoot().secret());
            collected.clear();
            assertThat(collected.missing()).isEqualTo(2);
        }
    }

    @Test
    void shouldOpenAllOlderEpochsByOneRecordWhenTheyWereDealtAgain() throws MalformedException {
        EpochShares dealt = EpochShares.dealAgain(epoch(90), roots(0, 5, 40), recovery, RANDOM);
        EpochShares record = EpochShares.decode(dealt.id().key(), dealt.value());
        assertThat(record.id().kind()).isEqualTo(Kind.RECOVERY);
        CollectedShares collected = new CollectedShares(SERVICE, record);
        collected.add(1, share(record, 0));
        collected.add(3, share(record, 2));
        SortedMap<Long, SealRoot> opened = Objects.requireNonNull(collected.open());
        assertThat(opened.keySet()).containsExactly(0L, 5L, 40L);
        opened.forEach((id, root) ->
                assertThat(root.secret()).isEqualTo(epoch(id).sealRoot().secret()));
    }

    @Test
    void shouldGiveAMemberItsOwnShareOnly() {
        EpochShares record = EpochShares.deal(epoch(7), recovery, RANDOM);
        assertThat(record.open(SERVICE, "alice", key(1))).isNull();
        assertThat(record.open(SERVICE, "mallory", key(0))).isNull();
        assertThat(record.open(new byte[32], "alice", key(0)))
                .as("another service")
                .isNull();
        EpochShares other = EpochShares.deal(epoch(8), recovery, RANDOM);
        assertThat(record.isShare(1, share(other, 0)))
                .as("a share of another epoch")
                .isFalse();
        assertThat(record.isShare(4, share(record, 0)))
                .as("a number that was not dealt")
                .isFalse();
        assertThat(record.shares()).extracting(SealedShare::member).containsExactly("alice", "bob", "carol");
    }

    @Test
    void shouldAnswerAnAskerForOneRecordAlone() throws MalformedException {
        EpochShares record = EpochShares.deal(epoch(7), recovery, RANDOM);
        KeyPair asker = P256.generate(RANDOM);
        EpochShares.RecoveryKey askers =
                (context, enclosed) -> KeyEncryption.open(asker.getPrivate(), context, enclosed);
        ShareAnswer given = ShareAnswer.seal(SERVICE, record.id(), 2, share(record, 1), asker.getPublic(), RANDOM);
        ShareAnswer answer = ShareAnswer.decode(given.encode());
        CollectedShares collected = new CollectedShares(SERVICE, record);
        assertThat(collected.add(answer, key(0))).isEqualTo(CollectedShares.Taken.NOT_FOR_US);
        assertThat(collected.add(answer, askers)).isEqualTo(CollectedShares.Taken.TAKEN);
        EpochShares other = EpochShares.deal(epoch(8), recovery, RANDOM);
        assertThat(new CollectedShares(SERVICE, other).add(answer, askers))
                .isEqualTo(CollectedShares.Taken.OTHER_RECORD);
        ShareAnswer renamed = new ShareAnswer(SERVICE, other.id(), 2, answer.sealed());
        assertThat(new CollectedShares(SERVICE, other).add(renamed, askers))
                .as("moved to another record")
                .isEqualTo(CollectedShares.Taken.NOT_FOR_US);
        ShareAnswer renumbered = new ShareAnswer(SERVICE, record.id(), 3, answer.sealed());
        assertThat(collected.add(renumbered, askers)).isEqualTo(CollectedShares.Taken.NOT_FOR_US);
        ShareAnswer wrong = ShareAnswer.seal(SERVICE, record.id(), 1, share(other, 0), asker.getPublic(), RANDOM);
        assertThat(collected.add(wrong, askers)).isEqualTo(CollectedShares.Taken.WRONG);
    }

    @Test
    void shouldLetNodesTellWhetherTheDealerDealtWhatItHadTo() {
        EpochSecrets secrets = epoch(7);
        EpochShares record = EpochShares.deal(secrets, recovery, RANDOM);
        List<SealRoot> own = List.of(secrets.sealRoot());
        assertThat(record.isDealtFrom(secrets, own, recovery)).isTrue();
        assertThat(record.isDealtFrom(epoch(8), own, recovery))
                .as("another epoch")
                .isFalse();
        EpochSecrets lookalike = new EpochSecrets(SERVICE, 7, new byte[32]);
        assertThat(record.isDealtFrom(lookalike, own, recovery))
                .as("another secret")
                .isFalse();
        assertThat(record.isDealtFrom(secrets, List.of(lookalike.sealRoot()), recovery))
                .as("another root")
                .isFalse();
        List<Recovery.Recipient> recipients = recovery.recipients();
        assertThat(record.isDealtFrom(secrets, own, new Recovery(3, recipients)))
                .as("another M")
                .isFalse();
        assertThat(record.isDealtFrom(secrets, own, new Recovery(2, recipients.subList(0, 2))))
                .isFalse();
        assertThat(record.isDealtFrom(secrets, own, new Recovery(2, recipients.reversed())))
                .isFalse();
        List<Recovery.Recipient> renewed = new ArrayList<>(recipients);
        renewed.set(1, new Recovery.Recipient("bob", P256.generate(RANDOM).getPublic()));
        assertThat(record.isDealtFrom(secrets, own, new Recovery(2, renewed)))
                .as("another key of bob's")
                .isFalse();
        EpochShares again = EpochShares.dealAgain(epoch(90), roots(0, 5), recovery, RANDOM);
        assertThat(again.isDealtFrom(epoch(90), roots(0, 5), recovery)).isTrue();
        assertThat(again.isDealtFrom(epoch(90), roots(5), recovery))
                .as("more than the asker knows")
                .isTrue();
        assertThat(again.isDealtFrom(epoch(90), roots(0, 5, 6), recovery))
                .as("one is missing")
                .isFalse();
    }

    @Test
    void shouldRefuseBytesThatAreNoRecordAndNothingWorse() {
        EpochShares dealt = EpochShares.dealAgain(epoch(90), roots(0, 5, 40), recovery, RANDOM);
        byte[] value = dealt.value();
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] changed = i < value.length ? Arrays.copyOf(value, i) : value.clone();
            if (i >= value.length) {
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    changed[random.nextInt(i % 2 == 0 ? 120 : value.length)] = (byte) random.nextInt();
                }
            }
            try {
                EpochShares read = EpochShares.decode(dealt.id().key(), changed);
                assertThat(read.value()).as("case %d", i).isEqualTo(changed);
            } catch (MalformedException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(value.length);
        for (byte[] key : List.of(new byte[0], new byte[9], new byte[8], new byte[] {-1, 0, 0, 0, 0, 0, 0, 0, 1})) {
            assertThatThrownBy(() -> EpochShares.decode(key, value)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void shouldRefuseARecordThatOpensWhatItMayNot() {
        EpochShares own = EpochShares.deal(epoch(7), recovery, RANDOM);
        EpochShares again = EpochShares.dealAgain(epoch(7), roots(0, 5), recovery, RANDOM);
        assertThatThrownBy(() -> EpochShares.decode(again.id().key(), own.value()))
                .as("its own epoch as an older one")
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> EpochShares.decode(own.id().key(), again.value()))
                .as("older epochs as its own")
                .isInstanceOf(MalformedException.class);
        byte[] longer = Arrays.copyOf(own.value(), own.value().length + 1);
        assertThatThrownBy(() -> EpochShares.decode(own.id().key(), longer)).isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldRefuseAnswersThatAreCutOrTooLong() throws MalformedException {
        EpochShares record = EpochShares.deal(epoch(7), recovery, RANDOM);
        byte[] answer = ShareAnswer.seal(
                        SERVICE,
                        record.id(),
                        1,
                        share(record, 0),
                        keys.getFirst().getPublic(),
                        RANDOM)
                .encode();
        assertThat(ShareAnswer.decode(answer).encode()).isEqualTo(answer);
        for (int length : new int[] {0, 1, 33, 41, 42, 43 + KeyEncryption.SEALED_BYTES_MAX + 1}) {
            assertThatThrownBy(() -> ShareAnswer.decode(Arrays.copyOf(answer, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedException.class);
        }
        for (int at : new int[] {0, 33, 41}) {
            byte[] changed = answer.clone();
            changed[at] = (byte) 0xee;
            assertThatThrownBy(() -> ShareAnswer.decode(changed))
                    .as("byte %d", at)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void shouldKnowOnlyMOfNAsRecovery() {
        List<Recovery.Recipient> recipients = recovery.recipients();
        assertThat(Recovery.NONE.isConfigured()).isFalse();
        for (int threshold : new int[] {-1, 0, 4}) {
            assertThatThrownBy(() -> new Recovery(threshold, recipients)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Recovery(1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Recovery(1, List.of(recipients.get(0), recipients.get(0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static final Path VECTORS =
            Path.of(System.getProperty("coco.root", ".."), "docs", "specs", "vectors", "shares", "record.properties");

    /** A record as it was made once: shares, wraps and answers open to the same bytes for ever. */
    @Test
    void shouldOpenTheRecordOfTheVectors() throws IOException, MalformedException {
        if (System.getenv("COCO_REGENERATE") != null) {
            Files.writeString(VECTORS, vectors());
        }
        Map<String, byte[]> values = new HashMap<>();
        for (String line : Files.readAllLines(VECTORS)) {
            if (!line.startsWith("#")) {
                values.put(line.substring(0, line.indexOf('=')), Hex.decode(line.substring(line.indexOf('=') + 1)));
            }
        }
        byte[] service = value(values, "service");
        EpochShares record = EpochShares.decode(value(values, "record.key"), value(values, "record.value"));
        EpochSecrets secrets = new EpochSecrets(service, record.id().height(), value(values, "epochSecret"));
        PrivateKey asker = PrivateKeyFiles.recoveryKey(value(values, "asker.key"));
        CollectedShares collected = new CollectedShares(service, record);
        for (String member : List.of("alice", "bob")) {
            PrivateKey key = PrivateKeyFiles.recoveryKey(value(values, member + ".key"));
            byte[] share =
                    record.open(service, member, (context, enclosed) -> KeyEncryption.open(key, context, enclosed));
            assertThat(share).as(member).isEqualTo(value(values, member + ".share"));
            ShareAnswer answer = ShareAnswer.decode(value(values, member + ".answer"));
            assertThat(collected.add(answer, (context, enclosed) -> KeyEncryption.open(asker, context, enclosed)))
                    .isEqualTo(CollectedShares.Taken.TAKEN);
        }
        SortedMap<Long, SealRoot> opened = Objects.requireNonNull(collected.open());
        assertThat(Objects.requireNonNull(opened.get(record.id().height())).secret())
                .isEqualTo(value(values, "sealRoot"))
                .isEqualTo(secrets.sealRoot().secret());
        assertThat(values).hasSize(12);
    }

    private static byte[] value(Map<String, byte[]> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private String vectors() {
        EpochSecrets secrets = epoch(7);
        KeyPair asker = P256.generate(RANDOM);
        EpochShares record = EpochShares.deal(secrets, recovery, RANDOM);
        StringBuilder text = new StringBuilder("# Made by EpochSharesTest (docs/specs/shares.md). 2 of 3.\n");
        line(text, "service", SERVICE);
        line(text, "epochSecret", secrets.secret());
        line(text, "sealRoot", secrets.sealRoot().secret());
        line(text, "record.key", record.id().key());
        line(text, "record.value", record.value());
        line(text, "asker.key", asker.getPrivate().getEncoded());
        for (int member = 0; member < 2; member++) {
            String name = recovery.recipients().get(member).member();
            byte[] share = share(record, member);
            line(text, name + ".key", keys.get(member).getPrivate().getEncoded());
            line(text, name + ".share", share);
            line(
                    text,
                    name + ".answer",
                    ShareAnswer.seal(SERVICE, record.id(), member + 1, share, asker.getPublic(), RANDOM)
                            .encode());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, byte[] value) {
        text.append(name).append('=').append(Hex.encode(value)).append('\n');
    }
}
