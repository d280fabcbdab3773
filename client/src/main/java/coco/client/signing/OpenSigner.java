package coco.client.signing;

import coco.governance.cose.Signer;

/** A signer that holds something open: a session with a token, a connection. */
public interface OpenSigner extends Signer, AutoCloseable {
    /** Lets go of it; the signer cannot be used afterwards. */
    @Override
    void close();
}
