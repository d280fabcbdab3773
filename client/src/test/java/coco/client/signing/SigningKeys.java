package coco.client.signing;

import coco.client.ClientLimits;
import coco.crypto.Certificates;
import coco.crypto.P256;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What tests of signers share. */
final class SigningKeys {
    static final ClientLimits LIMITS = new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(20), 100_000);

    private static final SecureRandom RANDOM = new SecureRandom();

    private SigningKeys() {}

    /** @param identity with the key's certificate as the entry */
    record Pair(KeyPair keys, SignerIdentity identity) {}

    static Pair fresh() {
        KeyPair keys = P256.generate(RANDOM);
        X509Certificate certificate = Certificates.selfSigned(
                "alice", keys, Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2036-01-01T00:00:00Z"), RANDOM);
        return new Pair(keys, new SignerIdentity(List.of(certificate), true));
    }

    /** An environment, and a user who types one answer, or is not there. */
    record FakeSecrets(
            Map<String, String> variables, @Nullable String typed, AtomicInteger asked) implements Secrets {
        FakeSecrets(Map<String, String> variables, @Nullable String typed) {
            this(variables, typed, new AtomicInteger());
        }

        @Override
        public @Nullable String environment(String name) {
            return variables.get(name);
        }

        @Override
        public char @Nullable [] ask(String prompt) {
            asked.incrementAndGet();
            return typed == null ? null : typed.toCharArray();
        }
    }
}
