package coco.node.join;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.NodeEntry;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.governance.cose.SignerEntry;
import coco.governance.ledger.Message;
import coco.governance.ledger.RecoveryElectorate;
import coco.governance.ledger.RecoveryProposal;
import coco.governance.ledger.RecoveryRecord;
import coco.journal.Electorate;
import coco.journal.ServiceIdentity;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that pinned a certificate, and a generation that no key endorses. */
class RecoveredIdentityTest {
    private static final byte[] SERVICE = Sha256.hash("service".getBytes(StandardCharsets.US_ASCII));
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TO = FROM.plusSeconds(86_400L * 400);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair firstKey = P256.generate(RANDOM);
    private final X509Certificate first = service(firstKey);
    private final X509Certificate second = service(P256.generate(RANDOM));
    private final Member alice = new Member("alice");
    private final Member bob = new Member("bob");
    private final Member carol = new Member("carol");

    private static X509Certificate service(KeyPair key) {
        return Certificates.selfSigned("service", key, FROM, TO, RANDOM);
    }

    /** A member with its key. */
    private static final class Member implements Signer {
        private final KeyPair key = P256.generate(RANDOM);
        private final String id;
        private final X509Certificate certificate;

        Member(String id) {
            this.id = id;
            this.certificate = Certificates.selfSignedSigner(id, key, FROM, TO, RANDOM);
        }

        @Override
        public X509Certificate certificate() {
            return certificate;
        }

        @Override
        public byte[] sign(byte[] toBeSigned) {
            return P256.sign(key.getPrivate(), Sha256.hash(toBeSigned));
        }
    }

    private RecoveryProposal proposal() {
        KeyPair node = P256.generate(RANDOM);
        NodeEntry entry = new NodeEntry(
                "node-4",
                "alice",
                "127.0.0.1",
                1,
                2,
                3,
                service(node),
                P256.generate(RANDOM).getPublic(),
                new byte[] {1});
        String service = HexFormat.of().formatHex(SERVICE);
        return new RecoveryProposal(service, 1, 50, "ab".repeat(32), -1, entry, second, new byte[] {1}, List.of());
    }

    private byte[] ballot(Member member, RecoveryProposal proposal) {
        Message.Binding binding = new Message.Binding(proposal.service(), 0, 1_000, "00".repeat(16));
        Message vote = new Message.Recover(binding, proposal.digest(), null, false);
        return CoseSign1.sign(member, CoseSign1.externalAad(SERVICE), CoseSign1.GOVERNANCE_CONTENT, vote.payload())
                .bytes();
    }

    private static byte[] electorate(Member... who) {
        List<RecoveryElectorate.Voter> voters = Arrays.stream(who)
                .map(each -> new RecoveryElectorate.Voter(each.id, new SignerEntry(each.certificate, null)))
                .toList();
        return new RecoveryElectorate(2, voters).bytes();
    }

    private ServiceIdentities.Recovery recovery(
            RecoveryProposal proposal, byte[] electorate, KeyPair by, Member... who) {
        List<byte[]> ballots =
                Arrays.stream(who).map(member -> ballot(member, proposal)).toList();
        return new ServiceIdentities.Recovery(
                1,
                new RecoveryRecord(proposal, ballots).encode(),
                Electorate.of(SERVICE, 0, 5, electorate, by.getPrivate()));
    }

    private int believed(X509Certificate next, List<ServiceIdentities.Recovery> recoveries) {
        List<ServiceIdentity> identities =
                List.of(new ServiceIdentity(0, 0, first, new byte[0]), new ServiceIdentity(1, 51, next, new byte[0]));
        ServiceIdentities.Told told = new ServiceIdentities.Told(SERVICE, identities, recoveries);
        return ServiceIdentities.endorsed(SERVICE, first, told).size();
    }

    @Test
    void shouldFollowAGenerationThatTheElectorateOfTheOneBeforeDecided() {
        RecoveryProposal proposal = proposal();
        byte[] all = electorate(alice, bob, carol);
        ServiceIdentities.Recovery good = recovery(proposal, all, firstKey, alice, bob);
        assertThat(believed(second, List.of(good))).isEqualTo(2);
        Member mallory = new Member("mallory");
        KeyPair other = P256.generate(RANDOM);
        List<ServiceIdentities.Recovery> wrong = List.of(
                recovery(proposal, all, firstKey, alice),
                recovery(proposal, all, firstKey, alice, alice),
                recovery(proposal, all, firstKey, alice, mallory),
                recovery(proposal, all, other, alice, bob),
                recovery(proposal, electorate(alice, mallory), other, alice, mallory),
                new ServiceIdentities.Recovery(2, good.record(), good.electorate()),
                new ServiceIdentities.Recovery(1, new byte[] {1}, good.electorate()));
        for (int i = 0; i < wrong.size(); i++) {
            assertThat(believed(second, List.of(wrong.get(i)))).as("case %d", i).isEqualTo(1);
        }
        assertThat(believed(second, List.of())).isEqualTo(1);
        assertThat(believed(service(other), List.of(good)))
                .as("another key than the one decided on")
                .isEqualTo(1);
    }
}
