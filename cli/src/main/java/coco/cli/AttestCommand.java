package coco.cli;

import coco.attestation.AttestationException;
import coco.attestation.AttestationLimits;
import coco.attestation.CheckResult;
import coco.attestation.Claims;
import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.ReportData;
import coco.attestation.Verdict;
import coco.attestation.platforms.EvidenceFile;
import coco.attestation.platforms.EvidenceVerifiers;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.crypto.Hex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code coco attest}: only a list of commands. */
@Command(
        name = "attest",
        mixinStandardHelpOptions = true,
        description = "Evidence of trusted execution environments, offline.",
        subcommands = AttestCommand.Verify.class)
final class AttestCommand {
    /** {@code coco attest verify}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Verifies evidence: AMD SEV-SNP, Intel TDX and SGX, Azure confidential VMs, simulated.",
            footer = {
                "",
                "FILE may be a bare report or quote, an Azure report, the JSON of Confidential Containers, Coco's own",
                "encoding, or hexadecimal or Base64 text of any of these. Exit code 0 verified, 1 refused,",
                "3 incomplete: nothing is wrong, but collateral is missing (without any, always)."
            })
    static final class Verify implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "FILE", description = "The evidence.")
        private Path file = Path.of("");

        @Option(
                names = "--platform",
                paramLabel = "P",
                description = "Refuse another platform: sev-snp, tdx, sgx, azure-cvm or simulated.")
        private @Nullable String platform;

        @Option(
                names = "--collateral",
                paramLabel = "DIR",
                description =
                        "Folder with certificates, lists of revoked ones and the makers' statements, recognised by"
                                + " content; others are skipped. May be given several times.")
        private List<Path> collateral = new ArrayList<>();

        @Option(
                names = "--at",
                paramLabel = "DATE",
                description = "When to judge at, as 2026-01-31 (noon UTC) or 2026-01-31T08:00:00Z (default: now).")
        private @Nullable String at;

        @Option(
                names = "--report-data",
                paramLabel = "HEX",
                description = "Refuse other report data; fewer than 64 bytes are followed by zeros.")
        private @Nullable String reportData;

        @Option(
                names = "--allow-debug",
                description = "Verify evidence of a debug environment, too, into which its host may look. No node takes"
                        + " it, whatever the constitution says.")
        private boolean allowDebug;

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        Verify(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            byte[] expected = reportData == null ? null : reportData(reportData);
            Platform wanted = platform == null ? null : platform(platform);
            InstantSource clock = at == null ? InstantSource.system() : InstantSource.fixed(instant(at));
            EvidenceFile recognised = EvidenceFile.recognise(read(file));
            Collateral given = collateral();
            Verdict verdict = switch (recognised) {
                case EvidenceFile.Unknown unknown -> unknown.refusal();
                case EvidenceFile.Recognised known -> verify(known.evidence(), wanted, clock, given);
            };
            if (allowDebug) {
                verdict = verdict.without(Verdict.Check.DEBUG);
            }
            if (expected != null) {
                verdict = verdict.expectingReportData(expected);
            }
            String seen = recognised instanceof EvidenceFile.Recognised known
                    ? known.evidence().platform().label()
                    : null;
            console.result(json ? json(seen, verdict) : text(seen, verdict));
            return switch (verdict) {
                case Verdict.Verified _ -> ExitCode.OK.code();
                case Verdict.Incomplete _ -> ExitCode.INCOMPLETE.code();
                case Verdict.Refused _ -> ExitCode.FAILED.code();
            };
        }

        private static Verdict verify(
                Evidence evidence, @Nullable Platform wanted, InstantSource clock, Collateral given) {
            return wanted == null || evidence.platform() == wanted
                    ? new EvidenceVerifiers(clock, () -> given).verify(evidence)
                    : new Verdict.Refused(
                            Verdict.Check.PLATFORM, evidence.platform().label(), wanted.label());
        }

        private static byte[] read(Path file) {
            // One byte more than allowed tells a file that is too long from one that just fits.
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(AttestationLimits.DEFAULT.evidenceFileBytesMax() + 1);
            } catch (IOException e) {
                throw CliException.usage("the evidence cannot be read from " + file, "Name a file that exists.");
            }
        }

        private Collateral collateral() {
            Collateral all = Collateral.EMPTY;
            for (Path folder : collateral) {
                try {
                    all = all.merge(Collateral.ofFolder(folder));
                } catch (AttestationException e) {
                    throw CliException.usage(
                            String.valueOf(e.getMessage()), "Name a folder that exists with --collateral.");
                }
            }
            return all;
        }

        private static Platform platform(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "snp" -> Platform.SEV_SNP;
                case "azure" -> Platform.AZURE_CVM;
                default ->
                    Arrays.stream(Platform.values())
                            .filter(known -> known.label().equalsIgnoreCase(name))
                            .findFirst()
                            .orElseThrow(() -> CliException.usage(
                                    "no platform is called " + name,
                                    "Name one of: "
                                            + Arrays.stream(Platform.values())
                                                    .map(Platform::label)
                                                    .collect(Collectors.joining(", "))));
            };
        }

        private static byte[] reportData(String digits) {
            try {
                byte[] bytes = Hex.decode(digits.startsWith("0x") ? digits.substring(2) : digits);
                if (bytes.length <= ReportData.BYTES) {
                    return Arrays.copyOf(bytes, ReportData.BYTES);
                }
            } catch (IllegalArgumentException _) {
                // Said below, as for what is too long.
            }
            throw CliException.usage(
                    "the report data is not hexadecimal, or longer than " + ReportData.BYTES + " bytes",
                    "Give at most " + 2 * ReportData.BYTES + " hexadecimal digits with --report-data.");
        }

        private static Instant instant(String text) {
            try {
                return text.contains("T")
                        ? OffsetDateTime.parse(text).toInstant()
                        : LocalDate.parse(text).atTime(12, 0).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException _) {
                throw CliException.usage(
                        "the time " + text + " cannot be read", "Write it as 2026-01-31 or 2026-01-31T08:00:00Z.");
            }
        }

        private String text(@Nullable String seen, Verdict verdict) {
            Stream<String> head = Stream.of("file: " + file, "platform: " + (seen == null ? "unknown" : seen));
            Stream<String> checks = verdict.checks().stream().map(Verify::line);
            Claims claims = claims(verdict);
            Stream<String> said = claims == null
                    ? Stream.empty()
                    : Stream.of(
                            "measurement: " + Hex.encode(claims.measurement()),
                            "report data: " + Hex.encode(claims.reportData()),
                            "TCB status: " + claims.tcbStatus().label()
                                    + claims.advisories().stream().collect(Collectors.joining(" ", " ", "")));
            String reason = reason(verdict);
            Stream<String> end =
                    Stream.of("verdict: " + console.bold(word(verdict)) + (reason == null ? "" : ", " + reason));
            return Stream.of(head, checks, said, end)
                    .flatMap(lines -> lines)
                    .map(String::stripTrailing)
                    .collect(Collectors.joining(System.lineSeparator()));
        }

        private static String line(CheckResult result) {
            String words = switch (result.outcome()) {
                case PASSED -> result.seen();
                case FAILED -> result.seen() + "; allowed: " + result.allowed();
                case NOT_CHECKED -> (result.allowed().isEmpty() ? "missing: " : "left out: ") + result.seen();
            };
            return String.format(
                    "  %-11s  %-17s  %s",
                    result.outcome().label(), result.check().label(), words);
        }

        private String json(@Nullable String seen, Verdict verdict) {
            ObjectNode root = JsonNodeFactory.instance.objectNode();
            root.put("file", file.toString());
            root.put("platform", seen);
            root.put("verdict", word(verdict));
            root.put("reason", reason(verdict));
            Claims claims = claims(verdict);
            root.put("tcbStatus", claims == null ? null : claims.tcbStatus().label());
            if (claims == null) {
                root.putNull("claims");
            } else {
                put(root.putObject("claims"), claims);
            }
            ArrayNode checks = root.putArray("checks");
            for (CheckResult result : verdict.checks()) {
                checks.addObject()
                        .put("name", result.check().label())
                        .put("verdict", result.outcome().label())
                        .put("seen", result.seen())
                        .put("allowed", result.allowed());
            }
            return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root);
        }

        private static void put(ObjectNode node, Claims claims) {
            byte[] signer = claims.signer();
            node.put("platform", claims.platform().label());
            node.put("measurement", Hex.encode(claims.measurement()));
            node.put("reportData", Hex.encode(claims.reportData()));
            node.put("debug", claims.debug());
            node.put("signer", signer == null ? null : Hex.encode(signer));
            node.put("securityVersion", claims.securityVersion());
            ArrayNode advisories = node.putArray("advisories");
            claims.advisories().forEach(advisories::add);
            ObjectNode details = node.putObject("details");
            claims.details().forEach(details::put);
        }

        private static @Nullable Claims claims(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Verified verified -> verified.claims();
                case Verdict.Incomplete incomplete -> incomplete.claims();
                case Verdict.Refused _ -> null;
            };
        }

        private static String word(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Verified _ -> "verified";
                case Verdict.Incomplete _ -> "incomplete";
                case Verdict.Refused _ -> "refused";
            };
        }

        private static @Nullable String reason(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Verified _ -> null;
                case Verdict.Incomplete incomplete -> "missing: " + incomplete.missing();
                case Verdict.Refused refused ->
                    refused.check().label() + ": " + refused.seen() + "; allowed: " + refused.allowed();
            };
        }
    }
}
