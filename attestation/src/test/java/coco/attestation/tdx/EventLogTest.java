package coco.attestation.tdx;

import static coco.attestation.intel.IntelSamples.GO;
import static coco.attestation.intel.IntelSamples.TRUSTEE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.CheckResult.Outcome;
import coco.attestation.Collateral;
import coco.attestation.Verdict;
import coco.attestation.intel.IntelSamples;
import coco.attestation.intel.MalformedException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EventLogTest {
    private static final String LOG = GO + "ccel/ccel_data.dat";
    private static final String QUOTE = GO + "ccel/cos-113-tdx-quote.dat";
    private static final int USED_BYTES = 0x46b5;

    @Test
    void shouldMakeTheRegistersOfTheQuote() throws MalformedException {
        EventLog log = EventLog.parse(IntelSamples.bytes(LOG));
        assertThat(log.events()).hasSize(43);
        Verdict verdict = IntelSamples.verify(
                IntelSamples.bytes(QUOTE), IntelSamples.collateral(""), Instant.parse("2025-03-01T00:00:00Z"));
        Verdict.Verified verified = (Verdict.Verified) verdict;
        assertThat(log.check(verified.claims()).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(verdict.with(log.check(verified.claims()))).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void shouldRefuseALogOfAnotherDomain() throws MalformedException {
        EventLog log = EventLog.parse(IntelSamples.bytes(TRUSTEE + "CCEL_data_ovmf"));
        assertThat(log.events()).hasSizeGreaterThan(10);
        Verdict.Incomplete incomplete = (Verdict.Incomplete)
                IntelSamples.verify(IntelSamples.bytes(QUOTE), Collateral.EMPTY, Instant.parse("2025-03-01T00:00:00Z"));
        Verdict verdict = incomplete.with(log.check(incomplete.claims()));
        assertThat(IntelSamples.words(verdict)).startsWith("refused measurement the event log makes RTMR0");
    }

    @Test
    void shouldMakeOtherRegistersWhenADigestIsChanged() throws MalformedException {
        byte[] bytes = IntelSamples.bytes(LOG);
        byte[] original = EventLog.parse(bytes).replay().getFirst();
        // Within the first digest, after the specification and the head of the event.
        bytes[0x60] ^= 1;
        assertThat(EventLog.parse(bytes).replay().getFirst()).isNotEqualTo(original);
    }

    @Test
    void shouldTellWhichDataIsProven() throws MalformedException {
        EventLog log = EventLog.parse(IntelSamples.bytes(LOG));
        assertThat(log.events().stream().filter(EventLog.Event::provesData)).hasSize(13);
    }

    @Test
    void shouldRefuseOrShortenATruncatedLogAtEveryLength() throws MalformedException {
        byte[] bytes = Arrays.copyOf(IntelSamples.bytes(LOG), USED_BYTES);
        int events = EventLog.parse(bytes).events().size();
        int shortened = 0;
        for (int length = 0; length < bytes.length; length++) {
            try {
                assertThat(EventLog.parse(Arrays.copyOf(bytes, length)).events().size())
                        .isLessThan(events);
                shortened++;
            } catch (MalformedException _) {
                // As it should be, but for cuts between two events.
            }
        }
        assertThat(shortened).isEqualTo(events);
    }

    @Test
    void shouldRefuseALogThatIsTooLong() {
        assertThatThrownBy(() -> EventLog.parse(new byte[EventLog.BYTES_MAX + 1]))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldNeverThrowAnythingElseWhenALogIsMutated() {
        byte[] original = Arrays.copyOf(IntelSamples.bytes(LOG), USED_BYTES);
        Random random = new Random(20261126);
        int parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = Arrays.copyOf(original, random.nextInt(original.length) + 1);
            for (int n = random.nextInt(4); n >= 0; n--) {
                mutated[random.nextInt(Math.min(mutated.length, 200))] = (byte) random.nextInt();
            }
            try {
                EventLog.parse(mutated).replay();
                parsed++;
            } catch (MalformedException _) {
                // The one exception there may be.
            }
        }
        assertThat(parsed).isBetween(1, 19_999);
    }
}
