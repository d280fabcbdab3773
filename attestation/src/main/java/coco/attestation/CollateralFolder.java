package coco.attestation;

import java.nio.file.Path;

/** Collateral of a folder, which somebody else keeps up to date; read at start and when told to. */
public final class CollateralFolder implements CollateralSource {
    private final Path folder;
    private volatile Collateral current;

    /**
     * Reads the folder.
     *
     * @throws AttestationException if it cannot be read
     */
    public CollateralFolder(Path folder) {
        this.folder = folder;
        this.current = Collateral.ofFolder(folder);
    }

    /**
     * Reads the folder again; on a failure what was read before stays.
     *
     * @throws AttestationException if it cannot be read
     */
    public void reload() {
        current = Collateral.ofFolder(folder);
    }

    @Override
    public Collateral collateral() {
        return current;
    }
}
