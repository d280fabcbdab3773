package coco.consensus.ratis;

import coco.consensus.Membership;
import coco.consensus.PeerId;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TLS leaves open on the node channel, for incoming calls.
 *
 * <ul>
 *   <li>Ratis serves its client and administration protocols on the same port: only the server protocol passes.
 *   <li>A handshake admits for as long as the connection lives, which is days: admission is asked again for every
 *   message.
 *   <li>Ratis believes the sender's name in the message: it must be the peer that the certificate speaks for.
 *   <li>Ratis does not look at the name of the addressee: a host that redirects one peer's traffic to another would
 *       make a member acknowledge twice, once as itself and once as the other, and undo a majority. The addressee must
 *       be this node.
 * </ul>
 *
 * Whoever fails gets PERMISSION_DENIED without a reason; the reason is logged.
 */
final class InboundGuard implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(InboundGuard.class);
    private static final String SERVER_PROTOCOL = "ratis.grpc.RaftServerProtocolService";

    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PeerId self;
    private final Membership membership;
    private final AdmittingTrustManager admission;
    private final LinkGate gate;
    private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TELL_NANOS);
    private final LongAdder untold = new LongAdder();

    InboundGuard(PeerId self, Membership membership, AdmittingTrustManager admission, LinkGate gate) {
        this.self = self;
        this.membership = membership;
        this.admission = admission;
        this.gate = gate;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!SERVER_PROTOCOL.equals(call.getMethodDescriptor().getServiceName())) {
            return refuse(call, "service " + call.getMethodDescriptor().getServiceName());
        }
        X509Certificate certificate = certificate(call);
        PeerId peer = certificate == null ? null : membership.peerOf(certificate);
        if (certificate == null || peer == null) {
            return refuse(call, "no certificate of a peer");
        }
        return new Guarded<>(call, certificate, peer, next.startCall(call, headers));
    }

    private <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, String why) {
        tell("refuses a call", why);
        call.close(Status.PERMISSION_DENIED, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** One line a second at most: who holds a connection makes as many calls as he likes. */
    private void tell(String what, String why) {
        long now = System.nanoTime();
        long last = toldNanos.get();
        if (now - last < TELL_NANOS || !toldNanos.compareAndSet(last, now)) {
            untold.increment();
            return;
        }
        long more = untold.sumThenReset();
        LOG.warn("{} {}: {}{}", self, what, why, more == 0 ? "" : " (and " + more + " not told)");
    }

    private static @Nullable X509Certificate certificate(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return null;
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /** Null if this message may pass; else why not. */
    @Nullable
    String fault(X509Certificate certificate, Object message) {
        RaftRpcRequestProto request = serverRequest(message);
        if (request == null) {
            return "not a message between servers";
        }
        try {
            admission.check(certificate);
        } catch (CertificateException e) {
            return e.getMessage();
        }
        PeerId peer = membership.peerOf(certificate);
        if (peer == null || !request.getRequestorId().toStringUtf8().equals(peer.value())) {
            return "the message names a sender that its certificate does not speak for";
        }
        if (!request.getReplyId().toStringUtf8().equals(self.value())) {
            return "the message is addressed to another peer";
        }
        return membership.heard(certificate) ? null : "another process speaks under this identity";
    }

    private static @Nullable RaftRpcRequestProto serverRequest(Object message) {
        return switch (message) {
            case AppendEntriesRequestProto append -> append.getServerRequest();
            case RequestVoteRequestProto vote -> vote.getServerRequest();
            case InstallSnapshotRequestProto snapshot -> snapshot.getServerRequest();
            case StartLeaderElectionRequestProto election -> election.getServerRequest();
            case ReadIndexRequestProto read -> read.getServerRequest();
            default -> null;
        };
    }

    /** Checks each message of one call, and holds the call's events back, in order, while its link is stalled. */
    private final class Guarded<Q, R> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, R> call;
        private final X509Certificate certificate;
        private final PeerId peer;
        private final Queue<Runnable> heldBack = new ArrayDeque<>();
        private boolean refused;

        Guarded(ServerCall<Q, R> call, X509Certificate certificate, PeerId peer, ServerCall.Listener<Q> delegate) {
            super(delegate);
            this.call = call;
            this.certificate = certificate;
            this.peer = peer;
        }

        @Override
        public void onMessage(Q message) {
            pass(() -> checkedMessage(message));
        }

        @Override
        public void onHalfClose() {
            pass(() -> {
                if (!refused) {
                    super.onHalfClose();
                }
            });
        }

        @Override
        public void onCancel() {
            pass(super::onCancel);
        }

        @Override
        public void onComplete() {
            pass(super::onComplete);
        }

        private void checkedMessage(Q message) {
            if (refused) {
                return;
            }
            String fault = fault(certificate, message);
            if (fault == null) {
                super.onMessage(message);
                return;
            }
            tell("cuts off " + peer, fault);
            refused = true;
            call.close(Status.PERMISSION_DENIED, new Metadata());
            // The service must let go of the stream: nothing more will come on it.
            super.onCancel();
        }

        private synchronized void pass(Runnable event) {
            heldBack.add(event);
            release();
        }

        private synchronized void release() {
            while (!heldBack.isEmpty() && !gate.holds(peer, self, this::release)) {
                heldBack.remove().run();
            }
        }
    }
}
