package coco.attestation.snp;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of processors with keys of their own. The names are those of AMD's key server; a line covers several
 * processors (57230, "VCEK Certificate and KDS Interface Specification", section 1.5).
 */
enum Product {
    /** Family 19h, models 00h to 0Fh. */
    MILAN("Milan", 0x19, Set.of(0x0), Set.of("Milan")),
    /** Family 19h, models 10h to 1Fh; A0h to AFh are Bergamo and Siena, under the same keys. */
    GENOA("Genoa", 0x19, Set.of(0x1, 0xa), Set.of("Genoa", "Bergamo", "Siena")),
    /** Family 1Ah, models 00h to 1Fh. */
    TURIN("Turin", 0x1a, Set.of(0x0, 0x1), Set.of("Turin"));

    private final String label;
    private final int family;
    private final Set<Integer> extendedModels;
    private final Set<String> names;

    Product(String label, int family, Set<Integer> extendedModels, Set<String> names) {
        this.label = label;
        this.family = family;
        this.extendedModels = extendedModels;
        this.names = names;
    }

    String label() {
        return label;
    }

    /** Returns the name of this line's root. */
    String rootName() {
        return "ARK-" + label;
    }

    static @Nullable Product ofCpuid(int family, int model) {
        for (Product product : values()) {
            if (product.family == family && product.extendedModels.contains(model >> 4)) {
                return product;
            }
        }
        return null;
    }

    /** Returns the line of a certificate's product name, which may end in a stepping, as in "Milan-B0". */
    static @Nullable Product ofName(String name) {
        int dash = name.indexOf('-');
        String line = dash < 0 ? name : name.substring(0, dash);
        for (Product product : values()) {
            if (product.names.contains(line)) {
                return product;
            }
        }
        return null;
    }
}
