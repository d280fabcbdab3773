package coco.cli.governance;

import coco.cli.console.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Finds proposals by the beginning of their ids, as people copy them from a list. */
final class ProposalIds {
    private static final int WHOLE = 64;

    private ProposalIds() {}

    /** @throws CliException no proposal begins so, or several do */
    static String whole(ServiceOptions service, String beginning) {
        String wanted = beginning.toLowerCase(Locale.ROOT);
        if (!wanted.matches("[0-9a-f]{4,64}")) {
            throw CliException.usage(
                    "'" + beginning + "' is no id of a proposal", "See which there are with: coco gov show");
        }
        if (wanted.length() == WHOLE) {
            return wanted;
        }
        List<String> found = new ArrayList<>();
        try (ServiceConnection connection = service.connect()) {
            for (JsonNode proposal :
                    connection.getAll("/gov/proposals", "proposals", "after").required("proposals")) {
                String id = proposal.required("id").asString();
                if (id.startsWith(wanted)) {
                    found.add(id);
                }
            }
        }
        if (found.size() != 1) {
            throw new CliException(
                    found.isEmpty()
                            ? "no proposal's id begins with " + beginning
                            : found.size() + " proposals' ids begin with " + beginning,
                    "See which there are with: coco gov show");
        }
        return found.getFirst();
    }
}
