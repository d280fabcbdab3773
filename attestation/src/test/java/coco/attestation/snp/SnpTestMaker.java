package coco.attestation.snp;

import coco.attestation.Attester;
import coco.attestation.EvidenceVerifier;
import coco.attestation.tsm.FakeKernel;
import java.nio.file.Path;

/** A maker of SEV-SNP processors that exists in one test only, for other modules: its root is nobody else's. */
public final class SnpTestMaker {
    /** What its guests measure, lower-case hexadecimal. */
    public static final String MEASUREMENT = "02".repeat(48);

    private final TestMachine machine = new TestMachine();

    /** A guest on one of its processors; the kernel is played in this empty folder. */
    public Attester guest(Path folder) {
        return SnpAttester.of(FakeKernel.tsm(
                folder, "sev_guest", data -> machine.report(report -> report.put(0x50, data)), new byte[0]));
    }

    /** Trusts this maker alone, at a time when its certificates hold. */
    public EvidenceVerifier verifier() {
        return machine.verifier();
    }
}
