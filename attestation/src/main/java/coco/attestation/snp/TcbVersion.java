package coco.attestation.snp;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The security versions of a processor's firmware (56860, "TCB_VERSION"). Each only grows.
 *
 * @param fmc the first mutable code's; 0 before Turin, which has none
 * @param bootloader the bootloader's
 * @param tee the operating system's of the security processor
 * @param snp the SNP firmware's
 * @param microcode the lowest of all cores
 */
record TcbVersion(int fmc, int bootloader, int tee, int snp, int microcode) {
    static final int BYTES = 8;

    /** Reads 8 bytes, lowest first; Turin put its new component in front and moved the others up. */
    static TcbVersion read(byte[] tcb8, Product product) {
        return switch (product) {
            case MILAN, GENOA -> new TcbVersion(0, at(tcb8, 0), at(tcb8, 1), at(tcb8, 6), at(tcb8, 7));
            case TURIN -> new TcbVersion(at(tcb8, 0), at(tcb8, 1), at(tcb8, 2), at(tcb8, 3), at(tcb8, 7));
        };
    }

    private static int at(byte[] bytes, int index) {
        return bytes[index] & 0xff;
    }

    /** Returns the components by name, for claims. */
    Map<String, String> details(String prefix) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put(prefix + "_fmc", Integer.toString(fmc));
        details.put(prefix + "_bootloader", Integer.toString(bootloader));
        details.put(prefix + "_tee", Integer.toString(tee));
        details.put(prefix + "_snp", Integer.toString(snp));
        details.put(prefix + "_microcode", Integer.toString(microcode));
        return details;
    }

    @Override
    public String toString() {
        return "fmc " + fmc + ", bootloader " + bootloader + ", tee " + tee + ", snp " + snp + ", microcode "
                + microcode;
    }
}
