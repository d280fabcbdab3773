package coco.attestation;

import coco.attestation.CheckResult.Outcome;
import coco.crypto.Hex;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a verifier makes of evidence. */
public sealed interface Verdict {
    /** Returns the checks in the order they were made; all that could be made, also after one failed. */
    List<CheckResult> checks();

    /** The named platform made this evidence, and no debug mode or missing collateral stands against it. */
    record Verified(Claims claims, List<CheckResult> checks) implements Verdict {
        /** Copies the list. */
        public Verified {
            checks = List.copyOf(checks);
        }
    }

    /**
     * Everything at hand fits, but something needed to be sure is missing. Not to be trusted; a later try may succeed.
     *
     * @param claims what the evidence says of itself, which is not proven
     * @param missing what, in words for an operator
     */
    record Incomplete(Claims claims, String missing, List<CheckResult> checks) implements Verdict {
        /** Copies the list. */
        public Incomplete {
            checks = List.copyOf(checks);
        }
    }

    /**
     * Not to be trusted, now or later. The first failed check is the reason.
     *
     * @param claims what the evidence says of itself, for whoever looks at it; null if it could not be read
     * @param missing what would be missing besides, in words for an operator; null if nothing
     */
    record Refused(
            List<CheckResult> checks,
            @Nullable Claims claims,
            @Nullable String missing) implements Verdict {
        /**
         * Copies the list.
         *
         * @throws IllegalStateException if no check of the list failed
         */
        public Refused {
            checks = List.copyOf(checks);
            first(checks);
        }

        /** A refusal of what says nothing. */
        public Refused(List<CheckResult> checks) {
            this(checks, null, null);
        }

        /** A refusal after one check. */
        public Refused(Check check, String seen, String allowed) {
            this(List.of(new CheckResult(check, Outcome.FAILED, seen, allowed)));
        }

        /** Returns which check failed. */
        public Check check() {
            return first(checks).check();
        }

        /** Returns the value found; never secret, and bounded in length. */
        public String seen() {
            return first(checks).seen();
        }

        /** Returns the values that would have passed. */
        public String allowed() {
            return first(checks).allowed();
        }

        private static CheckResult first(List<CheckResult> checks) {
            return checks.stream()
                    .filter(result -> result.outcome() == Outcome.FAILED)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("a refusal without a failed check"));
        }
    }

    /** The checks that refuse. */
    enum Check {
        /** These bytes are not evidence of the platform they name: other magic, version, length or reserved bytes. */
        FORMAT,
        /** This verifier does not judge evidence of that platform. */
        PLATFORM,
        /** The evidence is not signed by the key it has to be signed by. */
        SIGNATURE,
        /** A link is broken between the platform's key and the root: a signature, a name, a wrong kind of key. */
        CERTIFICATE_CHAIN,
        /** The chain is whole, but does not end in a root of the maker. */
        ROOT,
        /** The certificate is for another product, chip, patch level or signer than the evidence names. */
        PRODUCT,
        /** A certificate or a piece of collateral is not valid at this time. */
        VALIDITY_PERIOD,
        /** A key or a certificate has been revoked. */
        REVOCATION,
        /** The host may look inside. */
        DEBUG,
        /** What the evidence binds is not the value expected. */
        REPORT_DATA,
        /** The patch level is withdrawn or unknown, or contradicts itself. */
        TCB,
        /** A measurement does not follow from what stands beside it, such as PCRs from their digest. */
        MEASUREMENT,
        /** Intel's quoting enclave, which vouches for the key of the quote, is not the genuine one. */
        QUOTING_ENCLAVE,
        /** The TDX module, which stands between trust domains and their host, is not Intel's. */
        TDX_MODULE,
        /** The maker's statements (TCB info, identities) are missing, forged or about something else. */
        COLLATERAL;

        /** Returns the name for output, in lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Returns this verdict as it would be if one check had not been made: for people who look at evidence that no node
     * takes, such as that of a debug environment.
     */
    default Verdict without(Check check) {
        if (!(this instanceof Refused refused)) {
            return this;
        }
        List<CheckResult> all = checks().stream()
                .map(each -> each.check() == check && each.outcome() == Outcome.FAILED
                        ? new CheckResult(check, Outcome.NOT_CHECKED, each.seen(), each.allowed())
                        : each)
                .toList();
        Claims claims = refused.claims();
        if (claims == null || all.stream().anyMatch(each -> each.outcome() == Outcome.FAILED)) {
            return this;
        }
        String missing = refused.missing();
        return missing == null ? new Verified(claims, all) : new Incomplete(claims, missing, all);
    }

    /** Returns this verdict after one more check, made by the caller. */
    default Verdict with(CheckResult result) {
        List<CheckResult> all = new ArrayList<>(checks());
        all.add(result);
        if (result.outcome() == Outcome.FAILED) {
            return new Refused(all);
        }
        boolean lacks = result.outcome() == Outcome.NOT_CHECKED;
        return switch (this) {
            case Verified verified ->
                lacks ? new Incomplete(verified.claims(), result.seen(), all) : new Verified(verified.claims(), all);
            case Incomplete incomplete -> new Incomplete(incomplete.claims(), incomplete.missing(), all);
            case Refused refused -> new Refused(all, refused.claims(), refused.missing());
        };
    }

    /**
     * Returns this verdict after its report data was compared; a refusal stays as it is, because it has no claims.
     *
     * @param expected64 64 bytes, see {@link ReportData}
     */
    default Verdict expectingReportData(byte[] expected64) {
        byte[] seen = switch (this) {
            case Verified verified -> verified.claims().reportData();
            case Incomplete incomplete -> incomplete.claims().reportData();
            case Refused _ -> null;
        };
        if (seen == null) {
            return this;
        }
        Outcome outcome = MessageDigest.isEqual(seen, expected64) ? Outcome.PASSED : Outcome.FAILED;
        return with(new CheckResult(Check.REPORT_DATA, outcome, Hex.encode(seen), Hex.encode(expected64)));
    }
}
