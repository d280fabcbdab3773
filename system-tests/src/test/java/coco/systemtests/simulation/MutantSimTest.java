package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each safety rule, taken out: the storms have to notice. The list stands in docs/design/security-testing.md. */
@SuppressWarnings("StringConcatToTextBlock") // the indentation of the sources counts
class MutantSimTest {
    private static final String CORE = "core/src/main/java/coco/core/";
    private static final String JOURNAL = "journal/src/main/java/coco/journal/";

    @TempDir
    private Path folder = Path.of("");

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant(
                        "fence: a block of an earlier leadership is appended",
                        CORE + "Fence.java",
                        "if (!open) {",
                        "if (tailHeight >= 0) { return null; } if (!open) {",
                        Mutant.Storms.CLUSTER),
                new Mutant(
                        "IV: the counter does not count",
                        JOURNAL + "BlockSealer.java",
                        "Bytes.putLong(iv, 4, counter++);",
                        "Bytes.putLong(iv, 4, counter);",
                        Mutant.Storms.CLUSTER),
                new Mutant(
                        "IV: the counter begins again now and then",
                        JOURNAL + "BlockSealer.java",
                        "Bytes.putLong(iv, 4, counter++);",
                        "Bytes.putLong(iv, 4, counter++ % 50);",
                        Mutant.Storms.CLUSTER),
                new Mutant(
                        "commit evidence: the nonce is not looked at",
                        JOURNAL + "BlockOpener.java",
                        "return Arrays.equals(nonce, entry.evidenceNonce())\n                ? refuseEvidence(block, nonce)",
                        "return nonce.length > 0\n                ? refuseEvidence(block, nonce)",
                        Mutant.Storms.CLUSTER),
                new Mutant(
                        "purge: what is written counts as durable before it is forced",
                        CORE + "JournalWriter.java",
                        "            unforcedBytes += entry.block().bytes().length;\n",
                        "            unforcedBytes += entry.block().bytes().length;\n"
                                + "            durable = new LogPosition(entry.raftTerm(), entry.raftIndex());\n",
                        Mutant.Storms.CLUSTER),
                new Mutant(
                        "epoch after a removal: wrapped to who was there before",
                        CORE + "Succession.java",
                        "                roster.nodes().stream()\n                        .filter(node -> !quarantined",
                        "                before.roster().nodes().stream()\n                        .filter(node -> !quarantined",
                        Mutant.Storms.ROSTER),
                new Mutant(
                        "epoch after a removal: the next block is still under the old one",
                        CORE + "Succession.java",
                        "                roster.limits().within(limits),\n"
                                + "                epoch,\n                timestampSeconds,",
                        "                roster.limits().within(limits),\n"
                                + "                before.epoch(),\n                timestampSeconds,",
                        Mutant.Storms.ROSTER));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void shouldBeNoticedWhenASafetyRuleIsTakenOut(Mutant mutant) throws Exception {
        String noticed = mutant.run(folder);
        System.out.printf("mutant killed (%s): %s%n", mutant, noticed);
        assertThat(noticed).as(mutant.rule()).isNotEmpty();
    }
}
