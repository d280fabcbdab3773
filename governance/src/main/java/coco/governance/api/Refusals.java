package coco.governance.api;

import coco.governance.document.Documents;
import coco.ledgers.api.Rejection;

/** The ledger's refusals as answers. */
final class Refusals {
    private Refusals() {}

    static ApiReply of(Rejection reason) {
        String message = reason.message();
        int colon = message.indexOf(": ");
        String code = colon > 0 ? message.substring(0, colon) : "refused";
        return ApiReply.problem(409, code, message, Documents.object());
    }
}
