package coco.attestation.intel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.Collateral;
import coco.attestation.Verdict;
import coco.crypto.Hex;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** One rule each, on a machine under a root of our own. */
final class DcapVerifierTest {
    private record Case(String what, Consumer<TestMachine> change, String words) {}

    private static final Instant LONG_AGO = Instant.parse("2025-02-01T00:00:00Z");
    private static final Instant SOON = Instant.parse("2026-06-01T00:00:00Z");

    private static final List<Case> FORMS = List.of(
            new Case("TDX, version 4", m -> {}, "verified UpToDate"),
            new Case("TDX 1.0, version 5", m -> m.version = 5, "verified UpToDate"),
            new Case("TDX 1.5, version 5", m -> tdx15(m), "verified UpToDate"),
            new Case("SGX, version 3", m -> sgx(m, 3), "verified UpToDate"),
            new Case("SGX, version 4", m -> sgx(m, 4), "verified UpToDate"),
            new Case("SGX, version 5", m -> sgx(m, 5), "verified UpToDate"),
            new Case("chain without its root", m -> m.chainWithRoot = false, "verified UpToDate"),
            new Case("certificate by clear PPID", m -> m.certificationType = 1, "verified UpToDate"),
            new Case("certificate by encrypted PPID", m -> m.certificationType = 2, "verified UpToDate"),
            new Case("certificate by a longer encrypted PPID", m -> m.certificationType = 3, "verified UpToDate"),
            new Case("leaf alone", m -> m.certificationType = 4, "verified UpToDate"),
            new Case("other certification data", m -> m.certificationType = 7, "refused format"),
            new Case("version 2", m -> m.version = 2, "refused format"),
            new Case("version 6", m -> m.version = 6, "refused format"));

    private static final List<Case> RULES = List.of(
            new Case("debug TD", m -> m.tdAttributes[0] = 1, "refused debug"),
            new Case("profiled TD", m -> m.tdAttributes[0] = 0x20, "refused debug"),
            new Case("reserved TD attribute", m -> m.tdAttributes[1] = 1, "refused format"),
            new Case("debug enclave", m -> debugEnclave(m), "refused debug"),
            new Case("reserved bytes of an enclave", m -> reservedOfEnclave(m), "refused format"),
            new Case("foreign TDX module", m -> m.mrSignerSeam[0] = 1, "refused tdx_module MRSIGNERSEAM 01"),
            new Case("module version not stated", m -> m.teeTcbSvn[1] = 2, "refused tdx_module major version 2"),
            new Case("module below every level", m -> m.teeTcbSvn[0] = 3, "refused tcb the TDX module is below"),
            new Case(
                    "foreign quoting enclave", m -> m.qeMrSigner = "ab".repeat(32), "refused quoting_enclave MRSIGNER"),
            new Case("old quoting enclave", m -> m.qeIsvSvn = 5, "refused tcb the quoting enclave is below"),
            new Case("old platform", m -> m.components[1] = 2, "refused tcb the platform is below"),
            new Case("old PCE", m -> m.pceSvn = 10, "refused tcb the platform is below"),
            new Case("PCK expired", m -> m.pckTo = LONG_AGO, "refused validity_period Intel SGX PCK Certificate"),
            new Case("PCK not yet valid", m -> m.pckFrom = SOON, "refused validity_period Intel SGX PCK Certificate"),
            new Case("CA expired", m -> m.caTo = LONG_AGO, "refused validity_period Test SGX PCK Platform CA"),
            new Case(
                    "PCK revoked",
                    m -> m.revokedByCa = List.of(TestMachine.PCK_NAME),
                    "refused revocation revoked: Intel"),
            new Case(
                    "CA revoked",
                    m -> m.revokedByRoot = List.of(TestMachine.CA_NAME),
                    "refused revocation revoked: Test"),
            new Case(
                    "statements' signer revoked",
                    m -> m.revokedByRoot = List.of(TestMachine.SIGNER_NAME),
                    "refused revocation revoked: Test SGX TCB Signing"),
            new Case(
                    "lists expired",
                    m -> m.listTo = TestMachine.MONTH_BEGINS.plusSeconds(1),
                    "refused validity_period"),
            new Case("lists from the future", m -> m.listFrom = m.listTo, "refused validity_period revocations"),
            new Case("lists by another key", m -> m.listsSignedByOther = true, "refused revocation a list that"),
            new Case("statements by another key", m -> m.infoSignedByOther = true, "refused collateral TCB info"),
            new Case("statements expired", m -> m.infoTo = m.infoFrom, "refused validity_period TCB info"),
            new Case("statements from the future", m -> m.infoFrom = SOON, "refused validity_period TCB info"),
            new Case("another FMSPC", m -> m.fmspcInInfo = "00806f050001", "incomplete TCB info of TDX for FMSPC"),
            new Case("TCB info of SGX for TDX", m -> m.infoId = "SGX", "incomplete TCB info of TDX for FMSPC"));

    private static final List<Case> STATES = List.of(
            new Case("UpToDate", m -> {}, "verified UpToDate"),
            new Case("SW", m -> m.platformStatus = "SWHardeningNeeded", "verified SWHardeningNeeded"),
            new Case("C", m -> m.platformStatus = "ConfigurationNeeded", "verified ConfigurationNeeded INTEL-SA-19"),
            new Case("lower level", m -> m.components[0] = 4, "verified OutOfDate"),
            new Case("lower microcode", m -> m.teeTcbSvn[2] = 2, "verified OutOfDate"),
            new Case("revoked", m -> m.platformStatus = "Revoked", "refused tcb"),
            new Case("revoked lower level", m -> lowerRevoked(m), "refused tcb"),
            new Case("quoting enclave revoked", m -> m.qeStatus = "Revoked", "refused tcb"),
            new Case("module revoked", m -> m.moduleStatus = "Revoked", "refused tcb"),
            new Case("quoting enclave old", m -> m.qeStatus = "OutOfDate", "verified OutOfDate"),
            new Case("module old", m -> m.moduleStatus = "OutOfDate", "verified OutOfDate"),
            new Case("module old and C", m -> both(m, "ConfigurationNeeded"), "verified OutOfDateConfigurationNeeded"),
            new Case(
                    "module old, C and SW",
                    m -> both(m, "ConfigurationAndSWHardeningNeeded"),
                    "verified OutOfDateConfigurationNeeded"),
            new Case("module old and SW", m -> both(m, "SWHardeningNeeded"), "verified OutOfDate"),
            new Case("module replaced since", m -> replaced(m, "UpToDate"), "verified TDRelaunchAdvised "),
            new Case(
                    "module replaced since, and C",
                    m -> replaced(m, "ConfigurationNeeded"),
                    "verified TDRelaunchAdvisedConfigurationNeeded"),
            new Case("unknown state", m -> m.platformStatus = "Fine", "incomplete TCB info"),
            new Case("module of version 0", m -> m.teeTcbSvn[1] = 0, "verified UpToDate"),
            new Case("old module of version 0", m -> m.teeTcbSvn = new int[] {4, 0, 3}, "refused tcb"));

    private static void tdx15(TestMachine m) {
        m.version = 5;
        m.tdx15 = true;
    }

    private static void sgx(TestMachine m, int version) {
        m.version = version;
        m.tdx = false;
        m.infoId = "SGX";
    }

    private static void debugEnclave(TestMachine m) {
        sgx(m, 3);
        m.sgxAttributes[0] |= 2;
    }

    private static void reservedOfEnclave(TestMachine m) {
        sgx(m, 3);
        m.sgxReserved[11] = 1;
    }

    private static void lowerRevoked(TestMachine m) {
        m.components[0] = 3;
        m.lowerStatus = "Revoked";
    }

    private static void both(TestMachine m, String platform) {
        m.platformStatus = platform;
        m.moduleStatus = "OutOfDate";
    }

    private static void replaced(TestMachine m, String platform) {
        tdx15(m);
        both(m, platform);
        m.teeTcbSvn2[0] = 6;
    }

    @TestFactory
    List<DynamicTest> shouldReadEveryFormOfAQuote() {
        return tests(FORMS);
    }

    @TestFactory
    List<DynamicTest> shouldRefuseByEachRule() {
        return tests(RULES);
    }

    @TestFactory
    List<DynamicTest> shouldMergeTheStatesOfTheParts() {
        return tests(STATES);
    }

    private static List<DynamicTest> tests(List<Case> cases) {
        return cases.stream()
                .map(rule -> DynamicTest.dynamicTest(rule.what, () -> {
                    TestMachine machine = new TestMachine();
                    rule.change.accept(machine);
                    assertThat(machine.words()).startsWith(rule.words);
                }))
                .toList();
    }

    @Test
    void shouldRefuseTheRootOfAnotherMaker() {
        TestMachine machine = new TestMachine();
        Verdict verdict = IntelSamples.verify(
                machine.quote(),
                machine.collateral(),
                TestMachine.NOW,
                TestAuthority.root("of another maker").certificate());
        assertThat(IntelSamples.words(verdict)).startsWith("refused root");
        assertThat(IntelSamples.words(IntelSamples.verify(machine.quote(), machine.collateral(), TestMachine.NOW)))
                .startsWith("refused root");
    }

    @Test
    void shouldPickTheStatementThatHoldsWhenThereAreOlderOnes() {
        TestMachine now = new TestMachine();
        TestMachine before = new TestMachine();
        before.infoFrom = LONG_AGO;
        before.listFrom = LONG_AGO;
        before.infoTo = LONG_AGO.plusSeconds(1);
        before.listTo = LONG_AGO.plusSeconds(1);
        before.platformStatus = "Revoked";
        Collateral both = before.collateral().merge(now.collateral());
        assertThat(IntelSamples.words(IntelSamples.verify(now.quote(), both, TestMachine.NOW, now.root.certificate())))
                .startsWith("verified UpToDate");
    }

    @Test
    void shouldRefuseAQuoteCutAtAnyLength() {
        for (int version = 3; version <= 5; version++) {
            TestMachine machine = new TestMachine();
            sgx(machine, version);
            byte[] quote = machine.quote();
            for (int length = 0; length < quote.length; length++) {
                Verdict verdict = IntelSamples.verify(
                        Arrays.copyOf(quote, length), Collateral.EMPTY, TestMachine.NOW, machine.root.certificate());
                assertThat(IntelSamples.words(verdict)).as("%d bytes", length).startsWith("refused format");
            }
        }
    }

    @Test
    void shouldIgnoreWhatFollowsTheSignatureData() {
        TestMachine machine = new TestMachine();
        byte[] quote = machine.quote();
        byte[] padded = Arrays.copyOf(quote, 8000);
        Arrays.fill(padded, quote.length, 7000, (byte) 7);
        assertThat(IntelSamples.words(
                        IntelSamples.verify(padded, machine.collateral(), TestMachine.NOW, machine.root.certificate())))
                .startsWith("verified");
    }

    @Test
    void shouldNeverThrowWhenAQuoteIsMutated() {
        TestMachine machine = new TestMachine();
        byte[] quote = machine.quote();
        Collateral collateral = machine.collateral();
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] mutated = Arrays.copyOf(quote, quote.length - random.nextInt(3) * random.nextInt(quote.length / 2));
            for (int n = random.nextInt(3); n >= 0; n--) {
                int offset = random.nextBoolean() ? random.nextInt(mutated.length) : random.nextInt(60);
                mutated[Math.min(offset, mutated.length - 1)] = (byte) random.nextInt();
            }
            Verdict verdict = IntelSamples.verify(mutated, collateral, TestMachine.NOW, machine.root.certificate());
            refused += verdict instanceof Verdict.Refused ? 1 : 0;
        }
        // A mutation may write the value that was there.
        assertThat(refused).isGreaterThan(1_900);
    }

    @Test
    void shouldNeverThrowAnythingElseWhenAStatementIsMutated() {
        Random random = new Random(6);
        byte[] info = new TestMachine().tcbInfo().getBytes(UTF_8);
        byte[] identity = new TestMachine().identity().getBytes(UTF_8);
        int parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = (i % 2 == 0 ? info : identity).clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) " \"{}[],:09-eE.\0\n".charAt(random.nextInt(16));
            }
            try {
                if (i % 2 == 0) {
                    TcbInfo.parse(mutated);
                } else {
                    EnclaveIdentity.parse(mutated);
                }
                parsed++;
            } catch (MalformedException _) {
                // The one exception there may be.
            }
        }
        assertThat(parsed).isBetween(1, 19_999);
    }

    @Test
    void shouldNeverThrowAnythingElseWhenCertificatesAreMutated() {
        Random random = new Random(8);
        byte[] chain = new byte[0];
        try {
            chain = Quote.parse(new TestMachine().quote()).certification().data();
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < 5_000; i++) {
            byte[] mutated = Arrays.copyOf(chain, random.nextInt(chain.length) + 1);
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            try {
                CertificateBundle.parse(mutated).forEach(PckCertificate::of);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void shouldTellTheReportDataOfAnEnclave() {
        TestMachine machine = new TestMachine();
        sgx(machine, 4);
        machine.reportData = Hex.decode("5a".repeat(64));
        assertThat(((Verdict.Verified) machine.verdict()).claims().reportData()).isEqualTo(machine.reportData);
    }
}
