package coco.governance;

import java.util.List;

/**
 * What may run: the platforms that are trusted and the code that is.
 *
 * @param platforms names of TEE platforms; {@code simulated} stands alone or not at all
 * @param code accepted measurements, lower-case hexadecimal; empty accepts any, and only a simulated platform may be so
 *     lax
 */
public record Manifest(List<String> platforms, List<String> code) {
    /** The name of the platform that protects nothing. */
    public static final String SIMULATED = "simulated";

    public Manifest {
        platforms = List.copyOf(platforms);
        code = List.copyOf(code);
    }

    /** Whether this network runs without any hardware protection. */
    public boolean simulated() {
        return platforms.contains(SIMULATED);
    }
}
