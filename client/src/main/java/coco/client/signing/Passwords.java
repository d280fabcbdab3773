package coco.client.signing;

import coco.governance.cose.SignerException;

/** How a password or PIN is come by: the environment where it is set, else the user. */
final class Passwords {
    private Passwords() {}

    static char[] of(Secrets secrets, String variable, String prompt) {
        String set = secrets.environment(variable);
        if (set != null) {
            return set.toCharArray();
        }
        char[] typed = secrets.ask(prompt);
        if (typed == null) {
            throw new SignerException(prompt + ": nobody can be asked, and " + variable + " is not set");
        }
        return typed;
    }
}
