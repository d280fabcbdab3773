package coco.systemtests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md and STYLE.md that concern more than one class, as the compiled classes keep them. */
final class ArchitectureTest {
    private static final String OFFENDERS = "coco.systemtests.architecture.offenders";

    /** Module package → module packages it may use. */
    private static final Map<String, Set<String>> ARROWS = arrows();

    /** Library → the packages that may see it. What is on neither list nobody may see. */
    private static final Map<String, List<String>> LIBRARIES = libraries();

    /** Where a process is put together, and threads and clocks are real. */
    private static final String[] COMPOSITION = {"coco.node..", "coco.cli..", "coco.consensus.ratis.."};

    /** Classes elsewhere that take time or chance by themselves, each with the reason. */
    private static final Map<String, String> OWN_TIME_AND_CHANCE = Map.of(
            "coco.core.CoreThread", "the real scheduler; a simulation puts its own in its place",
            "coco.core.JournalWriter", "the writer thread's time between flushes; a simulation steps it instead",
            "coco.ledgers.ethereum.EthereumLedgerFactory", "the seed of hash tables, which no result depends on",
            "coco.ledgers.api.AnswerGrid", "answers wait for a point on the grid; what they say does not depend on it",
            "coco.ledgers.kv.KvEndpoints", "an id for clients that name none; it travels with the transaction",
            "coco.governance.script.ScriptMain", "a child process of its own, which watches its processor time",
            "coco.client.load.LoadDriver", "a load driver is threads");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("coco");

    private static final JavaClasses OFFENDING = new ClassFileImporter().importPackages(OFFENDERS);

    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> arrows = new LinkedHashMap<>();
        arrows.put("coco.crypto", Set.of());
        arrows.put("coco.kv", Set.of());
        arrows.put("coco.consensus", Set.of());
        arrows.put("coco.attestation", Set.of("coco.crypto"));
        arrows.put("coco.journal", Set.of("coco.crypto"));
        arrows.put("coco.evm", Set.of("coco.crypto", "coco.kv"));
        arrows.put("coco.ledgers.api", Set.of("coco.kv"));
        arrows.put("coco.ledgers.kv", Set.of("coco.ledgers.api", "coco.kv"));
        arrows.put("coco.ledgers.ethereum", Set.of("coco.ledgers.api", "coco.evm", "coco.kv", "coco.crypto"));
        arrows.put("coco.governance", Set.of("coco.kv", "coco.crypto", "coco.ledgers.api"));
        arrows.put("coco.core", Set.of("coco.kv", "coco.journal", "coco.consensus", "coco.ledgers.api", "coco.crypto"));
        Set<String> belowNode = Set.of(
                "coco.core",
                "coco.attestation",
                "coco.governance",
                "coco.kv",
                "coco.journal",
                "coco.consensus",
                "coco.ledgers.api",
                "coco.crypto");
        arrows.put("coco.node", belowNode);
        arrows.put("coco.client", Set.of("coco.journal", "coco.attestation", "coco.crypto", "coco.governance"));
        arrows.put("coco.cli", Set.copyOf(arrows.keySet()));
        return arrows;
    }

    private static Map<String, List<String>> libraries() {
        Map<String, List<String>> libraries = new LinkedHashMap<>();
        libraries.put("org.apache.ratis..", List.of("coco.consensus.ratis.."));
        libraries.put("io.helidon..", List.of("coco.node.http.."));
        libraries.put("io.micrometer..", List.of("coco.node.."));
        libraries.put("ch.qos.logback..", List.of("coco.node.."));
        libraries.put("org.bouncycastle..", List.of("coco.crypto..", "coco.evm.precompiles.."));
        libraries.put("fr.acinq..", List.of("coco.crypto.."));
        libraries.put("ethereum.ckzg4844..", List.of("coco.ledgers.ethereum.pool"));
        libraries.put("supranational..", List.of("coco.evm.precompiles.."));
        libraries.put("kotlin..", List.of("coco.crypto.."));
        libraries.put(
                "picocli..",
                List.of(
                        "coco.cli",
                        "coco.cli.access",
                        "coco.cli.demo..",
                        "coco.cli.evm",
                        "coco.cli.governance",
                        "coco.cli.journal",
                        "coco.cli.recovery"));
        libraries.put(
                "tools.jackson..",
                List.of(
                        "coco.attestation..",
                        "coco.governance..",
                        // Receipts are JSON; nothing on disk is.
                        "coco.journal",
                        "coco.ledgers.ethereum..",
                        "coco.ledgers.kv..",
                        "coco.node..",
                        "coco.client..",
                        "coco.cli..",
                        // Optional there: the machine itself needs no JSON.
                        "coco.evm.fixtures.."));
        libraries.put("org.snakeyaml..", List.of("coco.governance.document.."));
        libraries.put("org.graalvm.polyglot..", List.of("coco.governance.script"));
        libraries.put(
                "org.slf4j..",
                List.of("coco.consensus.ratis..", "coco.core..", "coco.ledgers.ethereum..", "coco.node.."));
        return libraries;
    }

    @Test
    void shouldSeeEveryModule() {
        for (String module : ARROWS.keySet()) {
            assertThat(CLASSES.stream().anyMatch(c -> c.getPackageName().startsWith(module)))
                    .as(module)
                    .isTrue();
        }
        assertThat(CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> ARROWS.keySet().stream().noneMatch(name::startsWith)))
                .as("packages of no module")
                .isEmpty();
    }

    @Test
    void shouldKeepTheArrowsBetweenModules() {
        ARROWS.forEach((from, allowed) -> arrow(from, allowed).check(CLASSES));
    }

    @Test
    void shouldFailWhenAnArrowIsMissing() {
        Set<String> alone = Set.of("coco.crypto", "coco.kv", "coco.consensus");
        ARROWS.keySet().stream()
                .filter(from -> !alone.contains(from))
                .forEach(from -> assertFails(arrow(from, Set.of()), CLASSES));
    }

    private static ArchRule arrow(String from, Set<String> allowed) {
        List<String> forbidden = new ArrayList<>(ARROWS.keySet());
        forbidden.add("coco.benchmarks");
        forbidden.remove(from);
        forbidden.removeAll(allowed);
        String[] packages = forbidden.stream().map(name -> name + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(from + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }

    @Test
    void shouldKeepTheArrowsWithinTheEthereumLedger() {
        within("coco.ledgers.ethereum.chain..", "coco.ledgers.ethereum.pool..", "coco.ledgers.ethereum.rpc..")
                .check(CLASSES);
        within("coco.ledgers.ethereum.pool..", "coco.ledgers.ethereum.rpc..").check(CLASSES);
        assertFails(within("coco.ledgers.ethereum.rpc..", "coco.ledgers.ethereum.chain.."), CLASSES);
    }

    @Test
    void shouldKeepTheEvmCommandsFreeOfANode() {
        String[] others = ARROWS.keySet().stream()
                .filter(module -> !Set.of("coco.evm", "coco.cli").contains(module))
                .map(module -> module + "..")
                .toArray(String[]::new);
        within("coco.cli.evm..", others).check(CLASSES);
        assertFails(within("coco.cli..", others), CLASSES);
    }

    private static ArchRule within(String from, String... forbidden) {
        return noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        noCycles().check(CLASSES);
        assertFails(noCycles(), OFFENDING);
    }

    /** Every package by its full name, so that a root package and those below it are different ones. */
    private static ArchRule noCycles() {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass assigned) {
                        return SliceIdentifier.of(assigned.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    @Test
    void shouldLeaveFakesToTests() {
        noFakes("coco..").check(CLASSES);
        assertFails(
                noClasses()
                        .that()
                        .resideInAPackage("coco.consensus.testing..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("..testing.."),
                CLASSES);
    }

    private static ArchRule noFakes(String home) {
        return noClasses()
                .that()
                .resideInAPackage(home)
                .and()
                .resideOutsideOfPackage("..testing..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..testing..");
    }

    @Test
    void shouldKeepLibrariesInTheirPlaces() {
        LIBRARIES.forEach((library, homes) -> {
            onlyIn(library, homes).check(CLASSES);
            assertFails(onlyIn(library, List.of("coco.nowhere..")), CLASSES);
        });
    }

    private static ArchRule onlyIn(String library, List<String> homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    @Test
    void shouldUseNoLibraryThatIsNotListed() {
        Set<String> platform = Set.of(
                "coco..", "java..", "javax..", "com.sun.management..", "com.sun.net.httpserver..", "org.jspecify..");
        onlyOn(Stream.concat(platform.stream(), LIBRARIES.keySet().stream())).check(CLASSES);
        assertFails(onlyOn(platform.stream()), CLASSES);
    }

    private static ArchRule onlyOn(Stream<String> packages) {
        // Arrays of primitives and the primitives themselves have no package.
        String[] known = Stream.concat(packages, Stream.of("")).toArray(String[]::new);
        return classes().should().onlyDependOnClassesThat().resideInAnyPackage(known);
    }

    @Test
    void shouldLetHandlersReadOnlyThroughTheCallersView() {
        classes().that(handle()).should(ViewRule.readOnlyThroughTheView()).check(CLASSES);
        noStore("coco.ledgers..").check(CLASSES);
        assertThat(CLASSES.stream().filter(handle())).hasSizeGreaterThan(10);
    }

    @Test
    void shouldFailWhenAHandlerReadsPastTheView() {
        assertFails(classes().should(ViewRule.readOnlyThroughTheView()), OFFENDING);
        assertFails(noStore(OFFENDERS), OFFENDING);
    }

    private static DescribedPredicate<JavaClass> handle() {
        return DescribedPredicate.describe(
                "answer requests",
                inspected -> inspected.getPackageName().equals("coco.ledgers.ethereum.rpc")
                        || (inspected.getPackageName().startsWith("coco.ledgers.")
                                && inspected.getFullName().contains("Endpoints")));
    }

    private static ArchRule noStore(String home) {
        return noClasses()
                .that()
                .resideInAPackage(home)
                .and()
                .resideOutsideOfPackage("coco.ledgers.api.testing..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("coco.kv.Store")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("coco.kv.Version");
    }

    @Test
    void shouldTakeTimeAndChanceFromOutside() {
        classes()
                .that()
                .resideOutsideOfPackages(COMPOSITION)
                .and(DescribedPredicate.describe(
                        "have no reason of their own", c -> !OWN_TIME_AND_CHANCE.containsKey(outermost(c))))
                .should(Determinism.takeTimeAndChanceFromOutside())
                .check(CLASSES);
    }

    @Test
    void shouldKeepNoExceptionThatIsNotNeeded() {
        for (String name : OWN_TIME_AND_CHANCE.keySet()) {
            assertFails(
                    classes()
                            .that(DescribedPredicate.describe(
                                    "are " + name, c -> outermost(c).equals(name)))
                            .should(Determinism.takeTimeAndChanceFromOutside()),
                    CLASSES);
        }
    }

    @Test
    void shouldSeeEveryWayOfTakingTimeAndChance() {
        String home = OFFENDERS + ".OwnClock$";
        for (JavaClass offender : OFFENDING) {
            if (offender.getName().startsWith(home)) {
                boolean innocent = offender.getName().equals(home + "WithASeed");
                ArchRule rule = classes()
                        .that()
                        .haveFullyQualifiedName(offender.getName())
                        .should(Determinism.takeTimeAndChanceFromOutside());
                assertThat(rule.evaluate(OFFENDING).hasViolation())
                        .as(offender.getName())
                        .isNotEqualTo(innocent);
            }
        }
    }

    private static String outermost(JavaClass inspected) {
        int inner = inspected.getName().indexOf('$');
        return inner < 0 ? inspected.getName() : inspected.getName().substring(0, inner);
    }

    private static void assertFails(ArchRule rule, JavaClasses classes) {
        assertThatThrownBy(() -> rule.check(classes)).as(rule.getDescription()).isInstanceOf(AssertionError.class);
    }
}
