package coco.node.recovery;

import coco.governance.Constitution;
import coco.governance.Member;
import coco.journal.Recovery;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/** Who recovers, by a constitution. */
public final class RecoveryMembers {
    private RecoveryMembers() {}

    /** The members with recovery keys, in the order of the constitution; nobody where no threshold is set. */
    public static Recovery of(Constitution constitution) {
        if (constitution.recoveryThreshold() == 0) {
            return Recovery.NONE;
        }
        List<Recovery.Recipient> recipients = new ArrayList<>();
        for (Member member : constitution.members()) {
            PublicKey key = member.recoveryKey();
            if (key != null) {
                recipients.add(new Recovery.Recipient(member.id(), key));
            }
        }
        return new Recovery(constitution.recoveryThreshold(), recipients);
    }
}
