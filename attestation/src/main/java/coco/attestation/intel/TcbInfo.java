package coco.attestation.intel;

import coco.attestation.TcbStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Intel's judgement of the patch levels of processors with one FMSPC (PCS API v3 and v4, "TCB Info V2" and "V3").
 *
 * @param tdx whether it is about TDX; else about SGX
 * @param fmspc 6 bytes
 * @param pceId 2 bytes
 * @param module what TDX modules of major version 0 look like; null for SGX
 * @param moduleIdentities what later ones look like, with their levels
 * @param levels newest first
 */
record TcbInfo(
        boolean tdx,
        Instant issueDate,
        Instant nextUpdate,
        int evaluationNumber,
        byte[] fmspc,
        byte[] pceId,
        @Nullable Module module,
        List<Module> moduleIdentities,
        List<Level> levels)
        implements Statement {
    private static final int COMPONENT_COUNT = PckCertificate.COMPONENT_COUNT;

    /**
     * A TDX module's identity.
     *
     * @param id TDX_ and the major version in two hexadecimal digits, upper case; empty for version 0
     * @param mrSigner 48 bytes
     * @param attributes 8 bytes; with its mask
     * @param levels newest first; none for version 0, whose versions are components of the platform's levels
     */
    record Module(String id, byte[] mrSigner, byte[] attributes, byte[] attributesMask, List<IsvLevel> levels) {}

    /**
     * A patch level of a platform.
     *
     * @param sgx security versions of the 16 parts
     * @param pceSvn of the provisioning certification enclave
     * @param tdx security versions of the 16 parts that a TD report names; null for SGX
     */
    record Level(
            List<Integer> sgx,
            int pceSvn,
            @Nullable List<Integer> tdx,
            TcbStatus status,
            String tcbDate,
            List<String> advisories) {}

    static TcbInfo parse(byte[] json) throws MalformedException {
        JsonNode root = Statements.parse(json);
        int version = Statements.number(root, "version");
        if (version != 2 && version != 3) {
            throw new MalformedException("TCB info of version " + version);
        }
        String id = version == 2 ? "SGX" : Statements.text(root, "id");
        if (!id.equals("SGX") && !id.equals("TDX")) {
            throw new MalformedException("TCB info about neither SGX nor TDX");
        }
        // How SVNs compose and compare; 0 is the one way there is (PCS API v4).
        if (Statements.number(root, "tcbType") != 0) {
            throw new MalformedException("TCB info of an unknown tcbType");
        }
        boolean tdx = id.equals("TDX");
        List<Module> identities = new ArrayList<>();
        if (root.has("tdxModuleIdentities")) {
            for (JsonNode identity : Statements.objects(root, "tdxModuleIdentities")) {
                String name = Statements.text(identity, "id").toUpperCase(Locale.ROOT);
                identities.add(module(identity, name, IsvLevel.list(identity)));
            }
        }
        List<Level> levels = new ArrayList<>();
        for (JsonNode level : Statements.objects(root, "tcbLevels")) {
            levels.add(level(level, version, tdx));
        }
        return new TcbInfo(
                tdx,
                Statements.time(root, "issueDate"),
                Statements.time(root, "nextUpdate"),
                Statements.number(root, "tcbEvaluationDataNumber"),
                Statements.hex(root, "fmspc", 6),
                Statements.hex(root, "pceId", 2),
                tdx ? module(Statements.object(root, "tdxModule"), "", List.of()) : null,
                List.copyOf(identities),
                List.copyOf(levels));
    }

    private static Module module(JsonNode node, String id, List<IsvLevel> levels) throws MalformedException {
        return new Module(
                id,
                Statements.hex(node, "mrsigner", 48),
                Statements.hex(node, "attributes", 8),
                Statements.hex(node, "attributesMask", 8),
                levels);
    }

    private static Level level(JsonNode level, int version, boolean tdx) throws MalformedException {
        JsonNode tcb = Statements.object(level, "tcb");
        return new Level(
                version == 2 ? numbered(tcb) : components(tcb, "sgxtcbcomponents"),
                Statements.number(tcb, "pcesvn"),
                tdx ? components(tcb, "tdxtcbcomponents") : null,
                Statements.status(level),
                Statements.text(level, "tcbDate"),
                Statements.advisories(level));
    }

    private static List<Integer> numbered(JsonNode tcb) throws MalformedException {
        List<Integer> out = new ArrayList<>();
        for (int i = 1; i <= COMPONENT_COUNT; i++) {
            out.add(Statements.number(tcb, String.format(Locale.ROOT, "sgxtcbcomp%02dsvn", i)));
        }
        return List.copyOf(out);
    }

    private static List<Integer> components(JsonNode tcb, String name) throws MalformedException {
        List<Integer> out = new ArrayList<>();
        for (JsonNode component : Statements.objects(tcb, name)) {
            out.add(Statements.number(component, "svn"));
        }
        if (out.size() != COMPONENT_COUNT) {
            throw new MalformedException(name + " has " + out.size() + " entries");
        }
        return List.copyOf(out);
    }

    /** Returns what the TDX module of that major version must look like, or null if that is not stated. */
    @Nullable
    Module module(int majorVersion) {
        if (majorVersion == 0) {
            return module;
        }
        String id = String.format(Locale.ROOT, "TDX_%02X", majorVersion);
        for (Module identity : moduleIdentities) {
            if (identity.id().equals(id)) {
                return identity;
            }
        }
        return null;
    }
}
