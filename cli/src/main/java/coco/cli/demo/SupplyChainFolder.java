package coco.cli.demo;

import coco.cli.access.AccountOption;
import coco.cli.console.CliException;
import coco.cli.member.MemberFiles;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.crypto.Hex;
import coco.evm.types.Address;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where everything of the demonstration lies: {@code network/}, the keys of the members in {@code members/}, and in
 * {@code parties.json}, which its owner alone may read, the parties' accounts and where the contracts are. That file is
 * written last: without it nothing was finished.
 */
final class SupplyChainFolder {
    private static final int SECRET_BYTES = 32;

    private final Path root;

    SupplyChainFolder(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /**
     * What a party acts with.
     *
     * @param account that buys or delivers
     * @param approver that approves what a retailer orders; null for a supplier
     */
    record Keys(AccountOption.Account account, AccountOption.@Nullable Account approver) {
        List<AccountOption.Account> all() {
            return approver == null ? List.of(account) : List.of(account, approver);
        }
    }

    /**
     * What was prepared.
     *
     * @param directory the contract that names the parties and the catalogue
     */
    record Prepared(Address directory, Map<Party, Keys> parties) {
        Prepared {
            parties = Map.copyOf(parties);
        }
    }

    Path root() {
        return root;
    }

    NetworkFolder network() {
        return new NetworkFolder(root.resolve("network"));
    }

    MemberFiles member(Party party, SecureRandom random) {
        return new MemberFiles(root.resolve("members"), party.id(), random);
    }

    private Path prepared() {
        return root.resolve("parties.json");
    }

    /** Whether everything is there. */
    boolean isFinished() {
        return Files.exists(prepared());
    }

    /** Deletes what a demonstration consists of, by name, and nothing else; stops it first. */
    void clean() {
        try {
            Files.deleteIfExists(prepared());
            if (Files.exists(network().description())) {
                LocalNetwork.open(network()).delete();
            }
            for (Party party : Party.values()) {
                MemberFiles files = member(party, new SecureRandom());
                Files.deleteIfExists(files.key());
                Files.deleteIfExists(files.certificate());
            }
        } catch (IOException e) {
            throw new CliException("cannot delete " + e.getMessage(), "Check the rights of " + root + ".", e);
        }
    }

    /** Accounts that nobody has had before. */
    static Map<Party, Keys> draw(SecureRandom random) {
        Map<Party, Keys> parties = new EnumMap<>(Party.class);
        for (Party party : Party.values()) {
            boolean approves = party.kind() == Party.Kind.RETAILER;
            parties.put(party, new Keys(account(random), approves ? account(random) : null));
        }
        return parties;
    }

    private static AccountOption.Account account(SecureRandom random) {
        // All but one of 2^128 draws are below the order of the curve.
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return AccountOption.Account.of(secret);
    }

    void write(Prepared prepared) {
        ObjectNode parties = Documents.object();
        prepared.parties().forEach((party, keys) -> {
            ObjectNode own = parties.putObject(party.id());
            own.put("account", Hex.encode(keys.account().secret()));
            AccountOption.Account approver = keys.approver();
            if (approver != null) {
                own.put("approver", Hex.encode(approver.secret()));
            }
        });
        ObjectNode document =
                Documents.object().put("directory", prepared.directory().hex());
        document.set("parties", parties);
        try {
            Files.createFile(
                    prepared(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(prepared(), Documents.pretty(document), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CliException(prepared() + " cannot be written", "See that the disk has room.", e);
        }
    }

    /** @throws CliException it cannot be read */
    Prepared read() {
        try {
            Fields document = new Fields(Documents.json(Files.readAllBytes(prepared()), ""), "");
            Address directory = Address.fromHex(document.text("directory"));
            Fields all = document.object("parties");
            Map<Party, Keys> parties = new EnumMap<>(Party.class);
            for (Party party : Party.values()) {
                Fields own = all.object(party.id());
                AccountOption.Account approver = own.ifPresent("approver", name -> account(own.text(name)));
                parties.put(party, new Keys(account(own.text("account")), approver));
            }
            return new Prepared(directory, parties);
        } catch (IOException | DocumentException | IllegalArgumentException damaged) {
            // Without the cause, which might quote a key.
            throw new CliException(prepared() + " cannot be read", "Start afresh with: coco demo supply-chain --reset");
        }
    }

    private static AccountOption.Account account(String hex) {
        return AccountOption.Account.of(Hex.decode(hex));
    }
}
