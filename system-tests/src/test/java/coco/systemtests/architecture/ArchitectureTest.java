package coco.systemtests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows of ARCHITECTURE.md, as the compiled classes have them. */
class ArchitectureTest {
    /** Module package → module packages it may use. What is not listed may use everything. */
    private static final Map<String, Set<String>> ARROWS = arrows();

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("coco");

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
        arrows.put(
                "coco.node",
                Set.of(
                        "coco.core",
                        "coco.attestation",
                        "coco.governance",
                        "coco.kv",
                        "coco.journal",
                        "coco.consensus",
                        "coco.ledgers.api",
                        "coco.crypto"));
        arrows.put("coco.client", Set.of("coco.journal", "coco.attestation", "coco.crypto"));
        return arrows;
    }

    private static ArchRule arrow(String from, Set<String> allowed) {
        List<String> forbidden = new ArrayList<>(ARROWS.keySet());
        forbidden.add("coco.cli");
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
    void shouldSeeEveryModule() {
        for (String module : ARROWS.keySet()) {
            assertThat(CLASSES.stream().anyMatch(c -> c.getPackageName().startsWith(module)))
                    .as(module)
                    .isTrue();
        }
    }

    @Test
    void shouldKeepTheArrowsBetweenModules() {
        ARROWS.forEach((from, allowed) -> arrow(from, allowed).check(CLASSES));
    }

    @Test
    void shouldFailWhenAnArrowIsMissing() {
        ArchRule nothingAllowed = arrow("coco.core", Set.of());
        assertThatThrownBy(() -> nothingAllowed.check(CLASSES)).isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching("coco.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("coco.evm.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("coco.node.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldKeepThirdPartiesInTheirPlaces() {
        noClasses()
                .that()
                .resideOutsideOfPackage("coco.consensus.ratis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.ratis..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("coco.node..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon..", "io.micrometer..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("coco.crypto..", "coco.evm..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(CLASSES);
    }

    @Test
    void shouldLetHandlersReadOnlyThroughTheCallersView() {
        noClasses()
                .that()
                .resideInAPackage("coco.ledgers..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("coco.kv.Store")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("coco.kv.Version")
                .check(CLASSES);
    }

    @Test
    void shouldTakeTimeAndChanceFromOutside() {
        noClasses()
                .that()
                .resideInAnyPackage("coco.kv..", "coco.journal..", "coco.evm..", "coco.ledgers..", "coco.governance..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callConstructor(java.util.Random.class)
                .check(CLASSES);
    }
}
