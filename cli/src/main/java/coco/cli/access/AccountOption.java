package coco.cli.access;

import coco.cli.console.CliException;
import coco.cli.network.KnownAccounts;
import coco.crypto.AccountSignatures;
import coco.crypto.Secp256k1;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose account signs. */
public final class AccountOption {
    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "File with the account's private key: 64 hexadecimal digits, with or without 0x.")
    private @Nullable Path keyFile;

    @Option(
            names = "--account",
            paramLabel = "N",
            description = "One of the accounts that the development preset funds, 0 to 9 (see coco accounts).")
    private @Nullable Integer account;

    /** Whether an account was named. */
    public boolean isGiven() {
        return keyFile != null || account != null;
    }

    /**
     * The account's key.
     *
     * @throws CliException none was named, or it cannot be read
     */
    public Account open() {
        if (keyFile != null && account != null) {
            throw CliException.usage("--key-file and --account name two accounts", "Give one of them.");
        }
        if (account != null) {
            if (account < 0 || account >= KnownAccounts.ALL.size()) {
                throw CliException.usage("there is no account " + account, "Give 0 to 9; see coco accounts.");
            }
            return account(KnownAccounts.ALL.get(account).privateKey());
        }
        Path file = keyFile;
        if (file == null) {
            throw CliException.usage("whose account? Give --key-file", "On a development network: --account 0");
        }
        try {
            return account(Files.readString(file).strip());
        } catch (IOException e) {
            throw new CliException("the key cannot be read from " + file, "See that the file is there.", e);
        }
    }

    private static Account account(String hex) {
        try {
            return Account.of(HexFormat.of().parseHex(hex.startsWith("0x") ? hex.substring(2) : hex));
        } catch (IllegalArgumentException malformed) {
            // Without its text, which might quote the key.
            throw new CliException("the key is not 64 hexadecimal digits", "Give the file of a private key.");
        }
    }

    /** An account whose key is known. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Account(byte[] secret, byte[] address) {
        /**
         * Of a private key.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Account of(byte[] secret) {
            return new Account(
                    secret, AccountSignatures.address(Secp256k1.fastest().publicKey(secret)));
        }

        /** With its checksum. */
        public String name() {
            return AccountSignatures.checksummed(address);
        }

        /** {@code 0x} and 130 digits. */
        public String sign(String text) {
            return "0x" + HexFormat.of().formatHex(AccountSignatures.sign(text, secret, Secp256k1.fastest()));
        }

        /** Without the key. */
        @Override
        public String toString() {
            return name();
        }
    }
}
