package coco.journal;

/**
 * Domain separation: one label for each use of a hash or a key, so that nothing made for one purpose passes for
 * another.
 */
final class Labels {
    static final byte[] SERVICE = Bytes.label("coco.service.1");
    static final byte[] HEADER = Bytes.label("coco.header.1");
    static final byte[] EVIDENCE_SEED = Bytes.label("coco.evidence-seed.1");
    static final byte[] EVIDENCE_NONCE = Bytes.label("coco.evidence-nonce.1");
    static final byte[] EVIDENCE_DIGEST = Bytes.label("coco.evidence-digest.1");
    static final byte[] EPOCH_COMMITMENT = Bytes.label("coco.epoch-commitment.1");
    static final byte[] ENDORSEMENT = Bytes.label("coco.service-endorsement.1");
    static final byte[] SEALER_ENDORSEMENT = Bytes.label("coco.sealer-endorsement.1");
    static final byte[] ELECTORATE = Bytes.label("coco.electorate.1");
    static final byte[] SECTION = Bytes.label("coco.section.1");

    static final byte[] SEAL_ROOT = Bytes.label("coco.key.seal-root.1");
    static final byte[] SEALER = Bytes.label("coco.key.sealer.1");
    static final byte[] SALT = Bytes.label("coco.key.salt.1");
    static final byte[] SNAPSHOT = Bytes.label("coco.key.snapshot.1");
    static final byte[] INDEX = Bytes.label("coco.key.index.1");
    static final byte[] BLINDING = Bytes.label("coco.key.blinding.1");
    static final byte[] PREV_RANDAO = Bytes.label("coco.key.prev-randao.1");

    static final byte[] SHARING_SEED = Bytes.label("coco.key.sharing.1");
    static final byte[] SHARE_WRAP = Bytes.label("coco.key.share-wrap.1");
    static final byte[] SHARE = Bytes.label("coco.share.1");
    static final byte[] SHARE_ANSWER = Bytes.label("coco.share-answer.1");

    static final byte[] INDEX_FINGERPRINT = Bytes.label("coco.index.fingerprint.1");
    static final byte[] INDEX_RUN = Bytes.label("coco.index.run.1");

    static final byte[] SNAPSHOT_COPY = Bytes.label("coco.snapshot.copy.1");
    static final byte[] SNAPSHOT_EVIDENCE = Bytes.label("coco.snapshot.evidence.1");

    private Labels() {}
}
