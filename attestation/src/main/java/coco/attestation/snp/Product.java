package coco.attestation.snp;

import org.jspecify.annotations.Nullable;

/**
 * The lines of processors with keys of their own. The names are those of AMD's key server; a line covers several
 * processors (57230, "VCEK Certificate and KDS Interface Specification", section 1.5).
 */
enum Product {
    /** Family 19h, models 00h to 0Fh. */
    MILAN("Milan"),
    /** Family 19h, models 10h to 1Fh; A0h to AFh are Bergamo and Siena, under the same keys. */
    GENOA("Genoa"),
    /** Family 1Ah, models 00h to 1Fh. */
    TURIN("Turin");

    private final String label;

    Product(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Returns the name of this line's root. */
    String rootName() {
        return "ARK-" + label;
    }

    static @Nullable Product ofCpuid(int family, int model) {
        int extendedModel = model >> 4;
        return switch (family) {
            case 0x19 ->
                switch (extendedModel) {
                    case 0x0 -> MILAN;
                    case 0x1, 0xa -> GENOA;
                    default -> null;
                };
            case 0x1a -> extendedModel <= 1 ? TURIN : null;
            default -> null;
        };
    }

    /** Returns the line of a certificate's product name, which may end in a stepping, as in "Milan-B0". */
    static @Nullable Product ofName(String name) {
        int dash = name.indexOf('-');
        return switch (dash < 0 ? name : name.substring(0, dash)) {
            case "Milan" -> MILAN;
            case "Genoa", "Bergamo", "Siena" -> GENOA;
            case "Turin" -> TURIN;
            default -> null;
        };
    }
}
