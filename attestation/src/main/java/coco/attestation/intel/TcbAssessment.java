package coco.attestation.intel;

import coco.attestation.TcbStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a machine stands against Intel's statements: the algorithm of the PCS API v4 ("TCB Info", "Enclave Identity"),
 * and the merging of the parts' states as Intel's own library has it, relaunch advice included.
 *
 * @param status the merged state; null where no stated level is reached
 * @param tcbDate of the platform's level
 * @param advisories of platform, TDX module and quoting enclave, each once
 * @param words what was found, for people
 */
record TcbAssessment(@Nullable TcbStatus status, String tcbDate, List<String> advisories, String words) {
    private static final int MODULE_SVN = 0;
    private static final int MODULE_VERSION = 1;
    private static final int MICROCODE_SVN = 2;

    static TcbAssessment of(TcbInfo info, PckCertificate pck, QuoteBody body, @Nullable IsvLevel quotingEnclave) {
        TcbInfo.Level sgx = null;
        TcbInfo.Level platform = null;
        for (TcbInfo.Level level : info.levels()) {
            if (pck.pceSvn() >= level.pceSvn() && reaches(pck.components(), level.sgx(), 0)) {
                sgx = sgx == null ? level : sgx;
                if (reachesTdx(body, level)) {
                    platform = level;
                    break;
                }
            }
        }
        if (sgx == null || platform == null) {
            return unsupported("the platform is below every stated level");
        }
        if (quotingEnclave == null) {
            return unsupported("the quoting enclave is below every stated level");
        }
        IsvLevel module = null;
        if (body instanceof TdReport report && svn(report.teeTcbSvn(), MODULE_VERSION) > 0) {
            TcbInfo.Module identity = info.module(svn(report.teeTcbSvn(), MODULE_VERSION));
            module = identity == null ? null : IsvLevel.reached(identity.levels(), svn(report.teeTcbSvn(), MODULE_SVN));
            if (module == null) {
                return unsupported("the TDX module is below every stated level");
            }
        }
        TcbStatus status = merge(platform.status(), module == null ? TcbStatus.UP_TO_DATE : module.status());
        if (body instanceof TdReport report && module != null) {
            status = relaunch(info, report, sgx.status(), status, module.status(), quotingEnclave.status());
        }
        status = sgx.status() == TcbStatus.REVOKED ? TcbStatus.REVOKED : merge(status, quotingEnclave.status());
        Set<String> advisories = new LinkedHashSet<>(platform.advisories());
        advisories.addAll(module == null ? List.of() : module.advisories());
        advisories.addAll(quotingEnclave.advisories());
        String words = "platform " + platform.status().label()
                + (module == null ? "" : ", TDX module " + module.status().label())
                + ", quoting enclave " + quotingEnclave.status().label() + ": " + status.label();
        return new TcbAssessment(status, platform.tcbDate(), new ArrayList<>(advisories), words);
    }

    private static TcbAssessment unsupported(String words) {
        return new TcbAssessment(null, "", List.of(), words);
    }

    /** Versions 1 and later of the TDX module have levels of their own, so components 0 and 1 say nothing then. */
    private static boolean reachesTdx(QuoteBody body, TcbInfo.Level level) {
        return switch (body) {
            case EnclaveReport _ -> true;
            case TdReport report -> {
                List<Integer> seen = new ArrayList<>();
                for (int i = 0; i < report.teeTcbSvn().length; i++) {
                    seen.add(svn(report.teeTcbSvn(), i));
                }
                List<Integer> stated = level.tdx();
                yield stated != null && reaches(seen, stated, seen.get(MODULE_VERSION) > 0 ? MICROCODE_SVN : 0);
            }
        };
    }

    private static boolean reaches(List<Integer> seen, List<Integer> stated, int from) {
        for (int i = from; i < stated.size(); i++) {
            if (seen.get(i) < stated.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** The platform's state, made worse by the state of a part that has levels of its own. */
    private static TcbStatus merge(TcbStatus platform, TcbStatus part) {
        return switch (part) {
            case REVOKED -> TcbStatus.REVOKED;
            case OUT_OF_DATE, OUT_OF_DATE_CONFIGURATION_NEEDED ->
                switch (platform) {
                    case UP_TO_DATE, SW_HARDENING_NEEDED -> TcbStatus.OUT_OF_DATE;
                    case CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED ->
                        TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED;
                    default -> platform;
                };
            default -> platform;
        };
    }

    /** A domain that began under an old module, which was replaced since: starting the domain again is enough. */
    private static TcbStatus relaunch(
            TcbInfo info, TdReport report, TcbStatus sgx, TcbStatus tdx, TcbStatus module, TcbStatus quotingEnclave) {
        byte[] now = report.teeTcbSvn2();
        boolean otherPartsFine = !isOutOfDate(sgx)
                && sgx != TcbStatus.REVOKED
                && !isOutOfDate(quotingEnclave)
                && quotingEnclave != TcbStatus.REVOKED;
        if (now == null || !otherPartsFine || !isOutOfDate(tdx) || module != TcbStatus.OUT_OF_DATE) {
            return tdx;
        }
        List<Integer> newest = info.levels().getFirst().tdx();
        int version = svn(now, MODULE_VERSION);
        TcbInfo.Module identity = info.module(version);
        if (newest == null
                || identity == null
                || (version > 0 && identity.levels().isEmpty())) {
            return tdx;
        }
        int newestModule = version == 0
                ? newest.get(MODULE_SVN)
                : identity.levels().getFirst().isvSvn();
        if (svn(now, MODULE_SVN) < newestModule || svn(now, MICROCODE_SVN) < newest.get(MICROCODE_SVN)) {
            return tdx;
        }
        return needsConfiguration(sgx) || needsConfiguration(tdx)
                ? TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED
                : TcbStatus.TD_RELAUNCH_ADVISED;
    }

    private static boolean isOutOfDate(TcbStatus status) {
        return status == TcbStatus.OUT_OF_DATE || status == TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED;
    }

    private static boolean needsConfiguration(TcbStatus status) {
        return status == TcbStatus.CONFIGURATION_NEEDED
                || status == TcbStatus.CONFIGURATION_AND_SW_HARDENING_NEEDED
                || status == TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED;
    }

    private static int svn(byte[] svns, int index) {
        return Byte.toUnsignedInt(svns[index]);
    }
}
