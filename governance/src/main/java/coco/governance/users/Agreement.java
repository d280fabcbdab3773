package coco.governance.users;

import coco.crypto.AccountSignatures;
import coco.crypto.Hex;

/**
 * What the holder of an address's key signs (EIP-191) before an organisation may count the address among its users. The
 * text says all of it, since a wallet shows it to a person.
 */
public final class Agreement {
    private Agreement() {}

    /**
     * That an actor enrols the address.
     *
     * @param serviceId 32 bytes
     */
    public static String enrolment(byte[] serviceId, String actor, String ledger, byte[] address) {
        return "I agree that " + actor + " enrols my account as one of its users.\n\n"
                + about(serviceId, ledger, address);
    }

    /**
     * That a login of an organisation stands for the address.
     *
     * @param serviceId 32 bytes
     * @param issuer {@code iss} of the login's tokens
     * @param subject their {@code sub}
     */
    public static String binding(byte[] serviceId, String issuer, String subject, String ledger, byte[] address) {
        return "I agree that whoever signs in as this person acts for my account.\n\nIssuer: " + issuer + "\nSubject: "
                + subject + "\n" + about(serviceId, ledger, address);
    }

    private static String about(byte[] serviceId, String ledger, byte[] address) {
        return "Service: " + Hex.encode(serviceId) + "\nLedger: " + ledger + "\nAccount: "
                + AccountSignatures.checksummed(address);
    }
}
