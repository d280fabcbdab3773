package coco.systemtests.architecture.offenders;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Takes time and chance from wherever it likes; one class for each way, since a rule must see every one. */
final class OwnClock {
    private OwnClock() {}

    static final class ByCall {
        private ByCall() {}

        static long now() {
            return System.nanoTime();
        }
    }

    static final class ByReference {
        private ByReference() {}

        static LongSupplier clock() {
            return System::currentTimeMillis;
        }
    }

    static final class ByInstant {
        private ByInstant() {}

        static Instant now() {
            return Instant.now();
        }
    }

    static final class ByChance {
        private ByChance() {}

        static int dice() {
            return new Random().nextInt(6);
        }
    }

    static final class BySecureChance {
        private BySecureChance() {}

        static SecureRandom random() {
            return new SecureRandom();
        }
    }

    static final class ByName {
        private ByName() {}

        static String name() {
            return UUID.randomUUID().toString();
        }
    }

    static final class ByThread {
        private ByThread() {}

        static void go(Runnable task) {
            new Thread(task).start();
        }
    }

    static final class BySleep {
        private BySleep() {}

        static void rest() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    /** Chance with a seed is nobody's offence. */
    static final class WithASeed {
        private WithASeed() {}

        static int dice(long seed) {
            return new Random(seed).nextInt(6);
        }
    }
}
