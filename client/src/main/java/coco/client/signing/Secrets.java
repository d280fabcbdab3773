package coco.client.signing;

import org.jspecify.annotations.Nullable;

/** Where passwords and the like come from. */
public interface Secrets {
    /** A variable of the environment, or null. */
    @Nullable
    String environment(String name);

    /**
     * Asks the user.
     *
     * @param prompt what for, without a colon
     * @return null if there is nobody to ask; whoever gets it overwrites it after use
     */
    char @Nullable [] ask(String prompt);
}
