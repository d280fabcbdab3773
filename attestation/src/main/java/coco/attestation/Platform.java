package coco.attestation;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of environment that make evidence. The code is what stands in {@link Evidence}; it is never given to
 * another platform.
 */
public enum Platform {
    /** No protection at all: a key in a file. For development and tests. */
    SIMULATED(0, "simulated"),
    /** AMD SEV-SNP. */
    SEV_SNP(1, "sev-snp"),
    /** Intel TDX. */
    TDX(2, "tdx"),
    /** Intel SGX. */
    SGX(3, "sgx"),
    /** An Azure confidential VM: SEV-SNP or TDX below a virtual TPM. */
    AZURE_CVM(4, "azure-cvm");

    private final int code;
    private final String label;

    Platform(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** Returns the byte that stands for this platform in evidence. */
    int code() {
        return code;
    }

    /** Returns the name used in configuration, in the API and in certificates. */
    public String label() {
        return label;
    }

    /** Returns whether the platform keeps secrets from its host at all. */
    public boolean isHardware() {
        return this != SIMULATED;
    }

    /** Returns the platform of that name, or null. */
    public static @Nullable Platform ofLabel(String label) {
        for (Platform platform : values()) {
            if (platform.label.equals(label)) {
                return platform;
            }
        }
        return null;
    }

    static @Nullable Platform ofCode(int code) {
        for (Platform platform : values()) {
            if (platform.code == code) {
                return platform;
            }
        }
        return null;
    }
}
