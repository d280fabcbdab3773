package coco.attestation.intel;

import coco.attestation.TcbStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The judgement on one security version of an enclave or a TDX module, and on later ones up to the next entry's. */
record IsvLevel(int isvSvn, TcbStatus status, String tcbDate, List<String> advisories) {
    static List<IsvLevel> list(JsonNode parent) throws MalformedException {
        List<IsvLevel> levels = new ArrayList<>();
        for (JsonNode level : Statements.objects(parent, "tcbLevels")) {
            levels.add(new IsvLevel(
                    Statements.number(Statements.object(level, "tcb"), "isvsvn"),
                    Statements.status(level),
                    Statements.text(level, "tcbDate"),
                    Statements.advisories(level)));
        }
        return List.copyOf(levels);
    }

    /** Returns the first entry that this version reaches, or null. */
    static @Nullable IsvLevel reached(List<IsvLevel> levels, int isvSvn) {
        for (IsvLevel level : levels) {
            if (isvSvn >= level.isvSvn) {
                return level;
            }
        }
        return null;
    }
}
