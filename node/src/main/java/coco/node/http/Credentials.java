package coco.node.http;

import java.net.SocketAddress;
import java.util.List;

/**
 * What a request says of who sent it; nothing of it is believed yet. Only what stands here is looked at: no cookie, and
 * no header by which a proxy tells of another address.
 *
 * @param authorization values of {@code Authorization}, as they came
 * @param token what stood in the path in place of a wildcard, decoded; empty without one
 * @param from the other end of the connection
 */
public record Credentials(List<String> authorization, String token, SocketAddress from) {
    public Credentials {
        authorization = List.copyOf(authorization);
    }

    /** Never with a token: it would be a password in a log. */
    @Override
    public String toString() {
        return "Credentials from " + from;
    }
}
