/**
 * HTTP as the node needs it: Helidon underneath, and around it everything that a server facing strangers has to add.
 *
 * <p><b>What.</b> {@link coco.node.http.HttpListener} is one listening port with a table of {@link
 * coco.node.http.Route}s. HTTP/1.1 and HTTP/2, over TLS or plain on loopback. A handler gets a whole {@link
 * coco.node.http.HttpRequest} and gives a whole answer; it runs on a virtual thread and may block.
 *
 * <p>A {@link coco.node.http.SocketRoute} takes WebSocket connections (RFC 6455). Their frames are read and written
 * here; Helidon only hands the upgraded connection over. An {@link coco.node.http.EventRoute} gives streams of
 * server-sent events, whose clients have the same bounded queues: who reads too slowly is cut off.
 *
 * <p><b>Why so much around Helidon.</b> Version 4.3.1 accepts settings for read timeouts that it never applies, leaks a
 * connection permit with every failed TLS handshake, and bounds bodies on HTTP/1 only. So connections are counted and
 * timed by {@code ConnectionGuard}, request heads by {@code HeadDeadline}, bodies by {@code BodyReader}, and the rest
 * of the rules by {@code Dispatcher}. No other package imports Helidon.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>Every connection has a deadline at every moment of its life: handshake, head, body, answer, silence.
 *   <li>Whatever a client sends is answered by a status of the 400s or by closing the connection. The text of an
 *       exception never leaves the process, neither to the client nor into the log, because it may quote what the
 *       client sent.
 *   <li>Nothing is buffered beyond a configured size, neither one body nor all bodies and large answers together.
 *   <li>Who may not use a route is told so before anything of the body is read.
 *   <li>Headers that claim who the client is ({@code X-Forwarded-*}, {@code X-HELIDON-CN}) are never read; the
 *       certificate is taken from the TLS session.
 * </ul>
 *
 * <p><b>What it does not do.</b> It knows no ledger and no node; it neither authenticates callers nor decides what they
 * may see.
 */
@NullMarked
package coco.node.http;

import org.jspecify.annotations.NullMarked;
