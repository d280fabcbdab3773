package coco.node.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a listener demands because browsers exist. The {@code Host} of a request has to be one of the node's names, else
 * a web page could reach a local node under a name of its own choosing (DNS rebinding). An {@code Origin}, if present,
 * has to be listed, whatever the method, because some requests are sent before a browser asks for leave.
 *
 * <p>A wallet in a browser sends the origin of its extension. Chromium's ids are fixed by the store, Firefox draws one
 * for each installation, so extensions may be listed by scheme. No page can claim such an origin.
 *
 * <p>A listener that serves pages itself lets those pages call it: their origin is the scheme and the {@code Host} of
 * the very request. Only under names that are listed one by one: with {@code *} in their place, a page that has pointed
 * a name of its own at this node would be of "the node's own" origin.
 *
 * @param hosts lower-case names without port; {@code *} for any
 * @param origins listed origins; {@code *} for any, {@code chrome-extension://*} for any of an extension scheme
 * @param pages the pages that the listener serves; null if it serves none
 */
public record BrowserRules(
        Set<String> hosts, Set<String> origins, @Nullable OwnPages pages) {
    /** For listeners that browsers have no business with: any host, no origin. */
    public static final BrowserRules NO_BROWSERS = new BrowserRules(Set.of("*"), Set.of());

    /**
     * Pages that come from the listener itself.
     *
     * @param scheme of their addresses, {@code http} or {@code https}
     * @param names under which they are served, without port; {@code *} stands for none
     */
    public record OwnPages(String scheme, Set<String> names) {
        public OwnPages {
            names = lowerCase(names);
        }

        private boolean isOrigin(String origin, String authority) {
            String name = withoutPort(authority).toLowerCase(Locale.ROOT);
            return !name.equals("*")
                    && names.contains(name)
                    && origin.equals(scheme + "://" + authority.toLowerCase(Locale.ROOT));
        }
    }

    public BrowserRules {
        hosts = lowerCase(hosts);
        origins = Set.copyOf(origins);
    }

    /** Rules of a listener that serves no pages. */
    public BrowserRules(Set<String> hosts, Set<String> origins) {
        this(hosts, origins, null);
    }

    /** Rules from lists as they stand in a configuration. */
    public static BrowserRules of(List<String> hosts, List<String> origins) {
        return new BrowserRules(Set.copyOf(hosts), Set.copyOf(origins));
    }

    /** The same rules where a listener serves pages. */
    public BrowserRules serving(OwnPages own) {
        return new BrowserRules(hosts, origins, own);
    }

    boolean allowsHost(String authority) {
        return hosts.contains("*") || hosts.contains(withoutPort(authority).toLowerCase(Locale.ROOT));
    }

    /**
     * Whether a page may send a request.
     *
     * @param origin as its browser tells it
     * @param authority what the request is addressed to
     */
    boolean allowsOrigin(String origin, String authority) {
        return origins.contains("*")
                || origins.contains(origin)
                || allowsExtension(origin)
                || (pages != null && pages.isOrigin(origin, authority));
    }

    private boolean allowsExtension(String origin) {
        int end = origin.indexOf("-extension://");
        return end > 0 && origins.contains(origin.substring(0, end) + "-extension://*");
    }

    private static Set<String> lowerCase(Set<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    private static String withoutPort(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.lastIndexOf(':');
        return colon > bracket ? authority.substring(0, colon) : authority;
    }
}
