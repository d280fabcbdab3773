package coco.systemtests.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/**
 * What may only be done where a process is put together: looking at a clock, throwing dice, starting threads, waiting.
 */
final class Determinism {
    /** By class, the methods that are forbidden; {@code <init>} without parameters is called {@code new} here. */
    private static final Map<String, Set<String>> FORBIDDEN = Map.ofEntries(
            Map.entry("java.lang.System", Set.of("nanoTime", "currentTimeMillis")),
            Map.entry("java.time.Instant", Set.of("now")),
            Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
            Map.entry("java.time.InstantSource", Set.of("system")),
            Map.entry("java.time.LocalDate", Set.of("now")),
            Map.entry("java.time.LocalDateTime", Set.of("now")),
            Map.entry("java.time.ZonedDateTime", Set.of("now")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.util.Random", Set.of("new")),
            Map.entry("java.util.SplittableRandom", Set.of("new")),
            Map.entry("java.security.SecureRandom", Set.of("new", "getInstance", "getInstanceStrong")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
            Map.entry("java.util.random.RandomGenerator", Set.of("getDefault", "of")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.lang.Thread", Set.of("start", "startVirtualThread", "ofPlatform", "ofVirtual", "sleep")),
            Map.entry("java.util.Timer", Set.of("new")),
            Map.entry("java.util.concurrent.ForkJoinPool", Set.of("new", "commonPool")),
            Map.entry(
                    "java.util.concurrent.Executors",
                    Set.of(
                            "newCachedThreadPool",
                            "newFixedThreadPool",
                            "newScheduledThreadPool",
                            "newSingleThreadExecutor",
                            "newSingleThreadScheduledExecutor",
                            "newThreadPerTaskExecutor",
                            "newVirtualThreadPerTaskExecutor",
                            "newWorkStealingPool")),
            Map.entry(
                    "java.util.concurrent.CompletableFuture",
                    Set.of("delayedExecutor", "orTimeout", "completeOnTimeout")),
            Map.entry("java.util.concurrent.locks.LockSupport", Set.of("parkNanos", "parkUntil")));

    private Determinism() {}

    /** Holds for a class that does nothing of the kind. */
    static ArchCondition<JavaClass> takeTimeAndChanceFromOutside() {
        return new ArchCondition<>("take time and chance from outside") {
            @Override
            public void check(JavaClass inspected, ConditionEvents events) {
                for (JavaAccess<?> access : inspected.getAccessesFromSelf()) {
                    if (forbidden(access.getTarget())) {
                        events.add(SimpleConditionEvent.violated(inspected, access.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean forbidden(AccessTarget target) {
        if (!(target instanceof AccessTarget.CodeUnitAccessTarget method)) {
            return false;
        }
        Set<String> methods = FORBIDDEN.getOrDefault(target.getOwner().getName(), Set.of());
        return target.getName().equals("<init>")
                ? methods.contains("new") && method.getRawParameterTypes().isEmpty()
                : methods.contains(target.getName());
    }
}
