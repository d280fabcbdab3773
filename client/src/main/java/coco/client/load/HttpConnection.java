package coco.client.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection with keep-alive, one request at a time, for one thread. */
final class HttpConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    /** Longer than a node holds back a reply (its limit is 2 s), and than a failover. */
    private static final int REPLY_MILLIS = 30_000;

    private final Socket socket;
    private final HttpReplies replies;
    private final String head;

    /** @param path where requests are posted to */
    HttpConnection(URI endpoint, String path, @Nullable SSLContext tls) throws IOException {
        this.socket = connect(endpoint, tls);
        this.replies = new HttpReplies(socket.getInputStream());
        this.head = "POST " + path + " HTTP/1.1\r\nHost: " + endpoint.getAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: ";
    }

    private static Socket connect(URI endpoint, @Nullable SSLContext tls) throws IOException {
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(REPLY_MILLIS);
            plain.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), CONNECT_MILLIS);
            if (tls == null || !"https".equals(endpoint.getScheme())) {
                return plain;
            }
            SSLSocket secured = (SSLSocket)
                    tls.getSocketFactory().createSocket(plain, endpoint.getHost(), endpoint.getPort(), true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return secured;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /**
     * Sends a request and waits for the reply. After an exception the connection is of no more use.
     *
     * @return a view that holds until the next exchange
     */
    HttpReplies.Reply exchange(RequestBuffer request) throws IOException {
        request.head(head);
        socket.getOutputStream().write(request.array(), request.offset(), request.length());
        return replies.next();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
