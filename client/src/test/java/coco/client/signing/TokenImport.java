package coco.client.signing;

import coco.crypto.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;

/** Puts a key and its certificate into a token: what a member does with the tools of the token's maker. */
final class TokenImport {
    private TokenImport() {}

    static void put(String uri, String pin, Path key, X509Certificate certificate)
            throws IOException, GeneralSecurityException {
        Pkcs11Uri token = Pkcs11Uri.parse(uri);
        long slot = TokenSlots.find(token.module(), token.token(), null);
        Provider provider = Security.getProvider("SunPKCS11")
                .configure("--name = import\nlibrary = " + token.module() + "\nslot = " + slot + "\n");
        KeyStore store = KeyStore.getInstance("PKCS11", provider);
        store.load(null, pin.toCharArray());
        store.setKeyEntry(
                "alice", Certificates.privateKeyFromPem(Files.readString(key)), null, new Certificate[] {certificate});
    }
}
