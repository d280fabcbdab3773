package coco.crypto;

final class BouncyCastleSecp256k1Test extends Secp256k1Contract {
    @Override
    Secp256k1 subject() {
        return Secp256k1.bouncyCastle();
    }

    @Override
    Secp256k1 other() {
        return NativeSecp256k1Test.nativeOrSkip();
    }
}
