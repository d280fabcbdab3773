package coco.consensus;

/**
 * A member of the Raft group and where its node channel listens.
 *
 * @param host a name or a literal address that the other members can reach
 * @param port 1 to 65,535
 */
public record Peer(PeerId id, String host, int port) {
    public Peer {
        if (host.isBlank()) {
            throw new IllegalArgumentException("A peer needs a host");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("A port lies between 1 and 65535: " + port);
        }
    }

    /** {@code host:port}, with brackets around a literal IPv6 address. */
    public String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
