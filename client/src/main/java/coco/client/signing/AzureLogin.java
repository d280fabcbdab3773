package coco.client.signing;

import coco.governance.cose.SignerException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A bearer token of Microsoft Entra: by client credentials where the environment has them (the variables that Azure's
 * own libraries use), else by the managed identity of the machine. One token serves one command, so none is renewed.
 */
final class AzureLogin {
    private static final String AUTHORITY = "https://login.microsoftonline.com";
    private static final String MACHINE = "http://169.254.169.254";

    private final Secrets secrets;
    private final JsonHttp http;
    private final String resource;
    private @Nullable String token;

    AzureLogin(Secrets secrets, JsonHttp http, String resource) {
        this.secrets = secrets;
        this.http = http;
        this.resource = resource;
    }

    String token() {
        String known = token;
        if (known == null) {
            known = ask().path("access_token").stringValue("");
            // What is no token68 (RFC 6750, section 2.1) could put more than a token into a header.
            if (!known.matches("[A-Za-z0-9._~+/-]+=*")) {
                throw new SignerException("azurekeyvault: the login gave no token");
            }
            token = known;
        }
        return known;
    }

    private JsonNode ask() {
        String tenant = secrets.environment("AZURE_TENANT_ID");
        String client = secrets.environment("AZURE_CLIENT_ID");
        String secret = secrets.environment("AZURE_CLIENT_SECRET");
        if (tenant != null && client != null && secret != null) {
            String form = "grant_type=client_credentials&client_id=" + encoded(client) + "&client_secret="
                    + encoded(secret) + "&scope=" + encoded(resource + "/.default");
            URI url = uri("AZURE_AUTHORITY_HOST", AUTHORITY, "/" + encoded(tenant) + "/oauth2/v2.0/token");
            if (!"https".equals(url.getScheme()) && !JsonHttp.isLoopback(url)) {
                throw new SignerException("azurekeyvault: AZURE_AUTHORITY_HOST is an https URL");
            }
            return http.post(url, "application/x-www-form-urlencoded", form);
        }
        String own = client == null ? "" : "&client_id=" + encoded(client);
        String service = secrets.environment("IDENTITY_ENDPOINT");
        String header = secrets.environment("IDENTITY_HEADER");
        if (service != null && header != null) {
            String query = "?api-version=2019-08-01&resource=" + encoded(resource) + own;
            return http.get(uri("IDENTITY_ENDPOINT", service, query), "X-IDENTITY-HEADER", header);
        }
        String query = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=" + encoded(resource) + own;
        return http.get(uri("AZURE_POD_IDENTITY_AUTHORITY_HOST", MACHINE, query), "Metadata", "true");
    }

    private URI uri(String variable, String otherwise, String rest) {
        String set = secrets.environment(variable);
        String base = set == null ? otherwise : set;
        try {
            return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + rest);
        } catch (IllegalArgumentException e) {
            throw new SignerException("azurekeyvault: " + variable + " is no URL", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
