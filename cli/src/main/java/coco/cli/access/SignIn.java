package coco.cli.access;

import coco.governance.document.Documents;
import coco.governance.users.SignInMessage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sign-In with Ethereum (EIP-4361), as a node wants it. */
public final class SignIn {
    private SignIn() {}

    /**
     * The body of {@code POST /access/sessions}.
     *
     * @param node its address for applications
     * @param nonce what it answered to {@code GET /access/nonce}
     * @param contracts that the session may see as far as the account may; {@code *} for all
     * @param label what the list of sessions calls it
     */
    public static ObjectNode request(
            AccountOption.Account signer,
            URI node,
            JsonNode nonce,
            Duration life,
            List<String> contracts,
            String label) {
        Instant now = Instant.parse(nonce.required("time").stringValue());
        String service = "coco:" + nonce.required("serviceId").stringValue() + ":";
        SignInMessage message = new SignInMessage(
                node.getAuthority(),
                signer.address(),
                "Sign in to a Coco service.",
                node.getScheme() + "://" + node.getAuthority(),
                nonce.path("chainId").asLong(1),
                nonce.required("nonce").stringValue(),
                now.toString(),
                now.plus(life).toString(),
                null,
                null,
                contracts.stream().map(service::concat).toList());
        String text = message.text();
        return Documents.object()
                .put("message", text)
                .put("signature", signer.sign(text))
                .put("label", label);
    }
}
