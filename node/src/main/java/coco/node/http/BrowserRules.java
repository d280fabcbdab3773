package coco.node.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a listener demands because browsers exist. The {@code Host} of a request has to be one of the node's names, else
 * a web page could reach a local node under a name of its own choosing (DNS rebinding). An {@code Origin}, if present,
 * has to be listed, whatever the method, because some requests are sent before a browser asks for leave.
 *
 * <p>A wallet in a browser sends the origin of its extension. Chromium's ids are fixed by the store, Firefox draws one
 * for each installation, so extensions may be listed by scheme. No page can claim such an origin.
 *
 * @param hosts lower-case names without port; {@code *} for any
 * @param origins listed origins; {@code *} for any, {@code chrome-extension://*} for any of an extension scheme
 */
public record BrowserRules(Set<String> hosts, Set<String> origins) {
    /** For listeners that browsers have no business with: any host, no origin. */
    public static final BrowserRules NO_BROWSERS = new BrowserRules(Set.of("*"), Set.of());

    public BrowserRules {
        hosts = hosts.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        origins = Set.copyOf(origins);
    }

    /** Rules from lists as they stand in a configuration. */
    public static BrowserRules of(List<String> hosts, List<String> origins) {
        return new BrowserRules(Set.copyOf(hosts), Set.copyOf(origins));
    }

    boolean allowsHost(String authority) {
        return hosts.contains("*") || hosts.contains(withoutPort(authority).toLowerCase(Locale.ROOT));
    }

    boolean allowsOrigin(String origin) {
        return origins.contains("*") || origins.contains(origin) || allowsExtension(origin);
    }

    private boolean allowsExtension(String origin) {
        int end = origin.indexOf("-extension://");
        return end > 0 && origins.contains(origin.substring(0, end) + "-extension://*");
    }

    private static String withoutPort(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.lastIndexOf(':');
        return colon > bracket ? authority.substring(0, colon) : authority;
    }
}
