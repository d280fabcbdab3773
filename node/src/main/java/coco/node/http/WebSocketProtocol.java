package coco.node.http;

import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.http1.spi.Http1UpgradeProvider;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ProtocolConfig;

/** How a listener's {@link WebSockets} get into Helidon's HTTP/1: a setting of the listener that carries them. */
record WebSocketProtocol(Http1Upgrader sockets) implements ProtocolConfig {
    private static final String TYPE = "coco-websocket";

    @Override
    public String name() {
        return TYPE;
    }

    @Override
    public String type() {
        return TYPE;
    }

    /** Found by Helidon through the service loader, for which it is public. */
    public static final class Provider implements Http1UpgradeProvider<WebSocketProtocol> {
        @Override
        public String protocolType() {
            return TYPE;
        }

        @Override
        public Class<WebSocketProtocol> protocolConfigType() {
            return WebSocketProtocol.class;
        }

        @Override
        public Http1Upgrader create(WebSocketProtocol config, ProtocolConfigs configs) {
            return config.sockets();
        }
    }
}
