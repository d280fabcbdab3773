package coco.node;

import coco.core.ServiceMaps;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.governance.api.ServiceRecords;
import coco.journal.ServiceIdentity;
import coco.kv.Reader;
import java.util.List;

/** What the core writes of the service's keys, as governance shows it. */
final class PublishedKeys implements ServiceRecords {
    @Override
    public List<Identity> identities(Reader state) {
        return ServiceMaps.identities(state).stream()
                .map(PublishedKeys::identity)
                .toList();
    }

    private static Identity identity(ServiceIdentity identity) {
        byte[] endorsement = identity.endorsement();
        return new Identity(
                identity.generation(),
                Certificates.toPem(identity.certificate()),
                endorsement.length == 0 ? null : Hex.encode(endorsement),
                identity.height());
    }

    @Override
    public long epoch(Reader state) {
        return ServiceMaps.newestEpoch(state);
    }
}
