package coco.cli.console;

/** Waiting a moment before looking again. */
public final class Pause {
    private Pause() {}

    /**
     * Waits.
     *
     * @throws CliException the thread was interrupted
     */
    public static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "", e);
        }
    }
}
