package coco.attestation.intel;

import coco.attestation.Attester;
import coco.attestation.Collateral;
import coco.attestation.EvidenceVerifier;
import coco.attestation.tdx.TdxAttester;
import coco.attestation.tdx.TdxVerifier;
import coco.attestation.tsm.FakeKernel;
import java.nio.file.Path;
import java.time.InstantSource;

/** A maker of TDX processors that exists in one test only, for tests of other modules: its root is nobody else's. */
public final class TdxTestMaker {
    /** What its trust domains measure, lower-case hexadecimal. */
    public static final String MEASUREMENT = "dd".repeat(48);

    private final TestMachine machine = new TestMachine();

    /** A trust domain on one of its processors; the kernel is played in this empty folder. */
    public Attester guest(Path folder) {
        return new TdxAttester(FakeKernel.tsm(folder, "tdx_guest", this::quote, new byte[0]));
    }

    private synchronized byte[] quote(byte[] reportData) {
        machine.reportData = reportData.clone();
        return machine.quote();
    }

    /** Trusts this maker alone, at a time when its statements hold. */
    public EvidenceVerifier verifier() {
        Collateral collateral = machine.collateral();
        return new TdxVerifier(machine.root.certificate(), InstantSource.fixed(TestMachine.NOW), () -> collateral);
    }
}
