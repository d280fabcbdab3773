package coco.client.recovery;

import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.journal.MalformedException;
import coco.journal.ShareAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A member's answer as a file: the member's name for people, and {@link ShareAnswer} for the machine. */
public final class ShareFile {
    private static final String FORMAT = "coco share answer 1";

    private ShareFile() {}

    /** The file: JSON in UTF-8. */
    public static byte[] encode(String member, ShareAnswer answer) {
        String text = Documents.pretty(Documents.object()
                .put("format", FORMAT)
                .put("member", member)
                .put("record", answer.record().height())
                .put("answer", Base64.getEncoder().encodeToString(answer.encode())));
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The answer in a file.
     *
     * @throws RecoveryException if it is none
     */
    public static ShareAnswer decode(byte[] file) {
        try {
            Fields fields = new Fields(Documents.json(file, ""), "");
            String format = fields.text("format");
            if (!format.equals(FORMAT)) {
                throw new RecoveryException("not an answer with a share: format " + format);
            }
            fields.text("member");
            fields.longInteger("record");
            ShareAnswer answer = ShareAnswer.decode(Base64.getDecoder().decode(fields.text("answer")));
            fields.finish();
            return answer;
        } catch (DocumentException | IllegalArgumentException | MalformedException e) {
            throw new RecoveryException("not an answer with a share: " + e.getMessage(), e);
        }
    }
}
