package coco.node.identity;

import coco.governance.document.Documents;
import coco.governance.users.Session;
import coco.governance.users.Sessions;
import coco.governance.users.UserChange;
import coco.ledgers.api.Endpoint.Reply;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Opens sessions: draws the token, has its hash recorded, and gives the token away once. */
final class TokenMint {
    /** Of a session's id, which its holder sees: enough to tell a holder's sessions apart. */
    private static final int ID_CHARACTERS = 16;

    private final Users users;
    private final SecureRandom random;

    TokenMint(Users users, SecureRandom random) {
        this.users = users;
        this.random = random;
    }

    /** The id by which a holder names a session: the beginning of its token's hash. */
    static String id(String hash) {
        return hash.substring(0, ID_CHARACTERS);
    }

    Reply open(Session session) throws InterruptedException {
        byte[] drawn = new byte[IdentityLimits.TOKEN_BYTES];
        random.nextBytes(drawn);
        String token = Gate.PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(drawn);
        String hash = HexFormat.of().formatHex(Sessions.hash(token));
        Reply refused = users.carryOut(new UserChange.Open(hash, session));
        if (refused != null) {
            return refused;
        }
        ObjectNode tree = describe(hash, session);
        if (session.isWallet()) {
            tree.put("path", "/wallet/" + token);
        } else {
            tree.put("token", token);
        }
        return Answers.json(201, tree);
    }

    /** What a holder sees of a session. */
    static ObjectNode describe(String hash, Session session) {
        ObjectNode tree = Documents.object().put("id", id(hash));
        switch (session.holder()) {
            case Session.Holder.User(String ledger, String address) ->
                tree.put("ledger", ledger).put("address", "0x" + address);
            case Session.Holder.Auditor(String grant) -> tree.put("grant", grant);
        }
        session.scope().contracts().forEach(tree.putArray("contracts")::add);
        return tree.put("kind", session.isWallet() ? "wallet" : "session")
                .put("way", session.way().name().toLowerCase(Locale.ROOT))
                .put("label", session.label())
                .put("opened", Instant.ofEpochSecond(session.openedSeconds()).toString())
                .put("expires", Instant.ofEpochSecond(session.expiresSeconds()).toString());
    }
}
