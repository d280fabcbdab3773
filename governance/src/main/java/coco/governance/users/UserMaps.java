package coco.governance.users;

import coco.kv.MapSpec;
import coco.kv.Visibility;
import coco.ledgers.api.Enrolment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The maps of users; all are private. Bytes: docs/specs/users.md. */
public final class UserMaps {
    /** SHA-256 of a token to its session. */
    public static final MapSpec SESSIONS = new MapSpec("users.sessions", Visibility.PRIVATE);

    /** Holder ‖ SHA-256 of a token: whose sessions there are. */
    public static final MapSpec HELD = new MapSpec("users.held", Visibility.PRIVATE);

    /** Expiry in seconds ‖ SHA-256 of a token: in which order sessions are forgotten. */
    public static final MapSpec EXPIRIES = new MapSpec("users.expiries", Visibility.PRIVATE);

    /** SHA-256 of issuer and subject of a login to the user that it stands for. */
    public static final MapSpec BINDINGS = new MapSpec("users.bindings", Visibility.PRIVATE);

    /** Actor to how many users it has enrolled. */
    public static final MapSpec COUNTS = new MapSpec("users.counts", Visibility.PRIVATE);

    /** Time ‖ SHA-256 of what was asked: how auditors used their grants. */
    public static final MapSpec USES = new MapSpec("users.uses", Visibility.PRIVATE);

    /** Grant to a day and how many of its uses were recorded then. */
    public static final MapSpec USE_COUNTS = new MapSpec("users.use-counts", Visibility.PRIVATE);

    /** All of them. */
    public static final List<MapSpec> ALL =
            List.of(Enrolment.MAP, SESSIONS, HELD, EXPIRIES, BINDINGS, COUNTS, USES, USE_COUNTS);

    private UserMaps() {}

    static byte[] expiryKey(long seconds, byte[] hash) {
        return ByteBuffer.allocate(Long.BYTES + hash.length)
                .putLong(seconds)
                .put(hash)
                .array();
    }

    static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
