package coco.governance;

/**
 * Who may do what where nothing more special is said.
 *
 * @param contracts {@code open}: who may read at all may read contracts without rules; {@code participants}: only those
 *     whom a transaction touched
 * @param senders {@code any} address may send, or only addresses that are {@code bound} to an actor
 * @param accounts balances and nonces are {@code open}, or one's {@code own}
 * @param anonymousReads whether who gives no identity may read what is open
 */
public record AccessDefaults(String contracts, String senders, String accounts, boolean anonymousReads) {
    /** Of a preset. */
    public static AccessDefaults of(Preset preset) {
        return switch (preset) {
            case DEVELOPMENT -> new AccessDefaults("open", "any", "open", true);
            case CONSORTIUM -> new AccessDefaults("open", "bound", "own", false);
        };
    }
}
