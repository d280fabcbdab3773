package coco.cli.governance;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.cose.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

record KeyFileSigner(X509Certificate certificate, PrivateKey key) implements Signer {
    static Signer open(String uri, @Nullable Path certificate, char @Nullable [] passphrase) {
        Path file = Path.of(uri.substring("file:".length()));
        try {
            Path pem = certificate == null ? Path.of(file.toString().replaceAll("\\.key$", ".pem")) : certificate;
            return new KeyFileSigner(
                    Certificates.fromPem(Files.readString(pem)), Certificates.privateKeyFromPem(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public byte[] sign(byte[] toBeSigned) {
        return P256.sign(key, Sha256.hash(toBeSigned));
    }
}
