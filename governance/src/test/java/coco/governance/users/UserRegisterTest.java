package coco.governance.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.governance.AccessDefaults;
import coco.governance.AuditorGrant;
import coco.governance.Consortium;
import coco.governance.Constitution;
import coco.governance.EnrolmentQuota;
import coco.governance.GovernanceMaps;
import coco.governance.OidcIssuer;
import coco.governance.document.DocumentException;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.Rejection;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UserRegisterTest {
    private static final long NOW = 1_800_000_000L;
    private static final Session.Holder.User ALICE = new Session.Holder.User("ethereum", "aa".repeat(20));
    private static final Session.Holder.User BOB = new Session.Holder.User("ethereum", "bb".repeat(20));

    private final Store store = new Store(maps(), StoreLimits.DEFAULT);
    private final Draft draft = store.draft(store.head());
    private final Consortium consortium = new Consortium();
    private AccessSettings.Senders senders = AccessSettings.Senders.BOUND;
    private Set<String> actors = Set.of("acme", "globex");
    private long seconds = NOW;

    private static List<MapSpec> maps() {
        List<MapSpec> maps = new ArrayList<>(GovernanceMaps.ALL);
        maps.addAll(UserMaps.ALL);
        return maps;
    }

    UserRegisterTest() {
        constitution(List.of(new OidcIssuer("https://id.acme.example", "acme", "coco", "{\"keys\":[]}")));
    }

    private void constitution(List<OidcIssuer> issuers) {
        constitution(issuers, List.of());
    }

    private void constitution(List<OidcIssuer> issuers, List<AuditorGrant> auditors) {
        Constitution base = consortium.of("acme", "globex");
        Constitution now = new Constitution(
                base.service(),
                base.preset(),
                base.members(),
                base.participants(),
                base.nodes(),
                base.formerNodes(),
                base.platforms(),
                base.formerPlatforms(),
                base.code(),
                base.rules(),
                base.epoch(),
                base.recoveryThreshold(),
                base.noticeBlocks(),
                base.limits(),
                new AccessDefaults("open", "bound", "own", false),
                issuers,
                List.of(new EnrolmentQuota("acme", 1)),
                auditors,
                base.contractAccess(),
                base.status(),
                base.generation(),
                base.rollovers());
        draft.put(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT, now.bytes());
    }

    private Sessions.At at(Transaction writes) {
        AccessSettings access = new AccessSettings(
                AccessSettings.Contracts.OPEN,
                senders,
                AccessSettings.Accounts.OWN,
                false,
                List.of(),
                List.of(),
                actors);
        return new Sessions.At(writes, access, 5, seconds);
    }

    /** Why a change is refused; empty if it was carried out. */
    private String carryOut(UserChange change) {
        UserChange read = UserChange.parse(change.offer(new byte[16]).payload());
        assertThat(read).isEqualTo(change);
        Transaction writes = new Transaction(draft);
        Rejection refused = new UserRegister(writes, at(writes)).carryOut(read);
        if (refused != null) {
            assertThat(writes.writes().isEmpty())
                    .as("what is refused writes nothing")
                    .isTrue();
            return refused.message().replaceFirst(":.*", "");
        }
        draft.apply(writes.writes());
        return "";
    }

    private static UserChange.Enrol enrol(Session.Holder.User user, String actor) {
        return new UserChange.Enrol(user, new Enrolment(actor, 1, 2, 3));
    }

    private static Session session(Session.Holder holder, Session.Way way, String actor, String source) {
        return new Session(holder, Caller.Scope.EVERYTHING, way, actor, source, NOW, NOW + 3_600, "of a test");
    }

    private static UserChange.Open open(int token, Session session) {
        return new UserChange.Open("%064x".formatted(token), session);
    }

    private @Nullable UserRefusal judged(int token) {
        Transaction state = new Transaction(draft);
        Session session = Sessions.find(state, HexFormat.of().parseHex("%064x".formatted(token)));
        return session == null ? UserRefusal.UNKNOWN_TOKEN : Sessions.judge(session, at(state));
    }

    @Test
    void shouldKeepAnAddressWithOneOrganisationAndWithinItsQuota() {
        assertThat(carryOut(enrol(ALICE, "nobody"))).isEqualTo("unknown-actor");
        assertThat(carryOut(enrol(ALICE, "acme"))).isEmpty();
        assertThat(carryOut(enrol(ALICE, "acme"))).as("a new quota").isEmpty();
        assertThat(carryOut(enrol(BOB, "acme"))).isEqualTo("too-many-addresses");
        assertThat(carryOut(enrol(ALICE, "globex"))).isEqualTo("enrolled-elsewhere");
        assertThat(carryOut(new UserChange.Withdraw(ALICE, "globex"))).isEqualTo("not-enrolled");
        assertThat(carryOut(new UserChange.Withdraw(ALICE, "acme"))).isEmpty();
        assertThat(carryOut(enrol(BOB, "acme"))).isEmpty();
        assertThat(carryOut(enrol(ALICE, "globex"))).isEmpty();
    }

    @Test
    void shouldEndSessionsWithWhatTheyRestOn() {
        assertThat(carryOut(open(1, session(ALICE, Session.Way.SIGNATURE, "", ""))))
                .isEqualTo("not-enrolled");
        carryOut(enrol(ALICE, "acme"));
        assertThat(carryOut(open(1, session(ALICE, Session.Way.SIGNATURE, "", ""))))
                .isEmpty();
        assertThat(carryOut(open(1, session(ALICE, Session.Way.SIGNATURE, "", ""))))
                .isEqualTo("malformed");
        assertThat(carryOut(open(2, session(ALICE, Session.Way.CERTIFICATE, "globex", "f"))))
                .as("another organisation's certificate")
                .isEqualTo("not-enrolled");
        assertThat(judged(1)).isNull();

        actors = Set.of("globex");
        assertThat(judged(1)).as("its organisation left").isEqualTo(UserRefusal.NOT_ENROLLED);
        actors = Set.of("acme", "globex");
        seconds = NOW + 3_600;
        assertThat(judged(1)).isEqualTo(UserRefusal.EXPIRED);
        seconds = NOW;
        assertThat(carryOut(new UserChange.Withdraw(ALICE, "acme"))).isEmpty();
        assertThat(judged(1)).as("its enrolment was withdrawn").isEqualTo(UserRefusal.UNKNOWN_TOKEN);
    }

    @Test
    void shouldLetLoginsStandForUsersOfTheirOwnOrganisationOnly() {
        String issuer = "https://id.acme.example";
        carryOut(enrol(BOB, "globex"));
        assertThat(carryOut(new UserChange.Bind(issuer, "bob", "globex", BOB))).isEqualTo("unknown-issuer");
        assertThat(carryOut(new UserChange.Bind(issuer, "bob", "acme", BOB))).isEqualTo("not-enrolled");
        carryOut(enrol(ALICE, "acme"));
        assertThat(carryOut(new UserChange.Bind(issuer, "alice", "acme", ALICE)))
                .isEmpty();
        assertThat(Sessions.bound(new Transaction(draft), issuer, "alice")).isEqualTo(ALICE);
        assertThat(Sessions.bound(new Transaction(draft), issuer, "bob")).isNull();
        assertThat(carryOut(open(3, session(ALICE, Session.Way.OIDC, "acme", issuer))))
                .isEmpty();
        assertThat(judged(3)).isNull();

        constitution(List.of());
        assertThat(judged(3)).as("members took the issuer back").isEqualTo(UserRefusal.UNKNOWN_ISSUER);
    }

    @Test
    void shouldRevokeForTheHolderOnlyAndForgetWhatIsOver() {
        carryOut(enrol(ALICE, "acme"));
        carryOut(enrol(BOB, "globex"));
        for (int token = 1; token <= UserLimits.SESSIONS_PER_HOLDER; token++) {
            assertThat(carryOut(open(token, session(ALICE, Session.Way.SIGNATURE, "", ""))))
                    .isEmpty();
        }
        assertThat(carryOut(open(99, session(ALICE, Session.Way.SIGNATURE, "", ""))))
                .isEqualTo("too-many-sessions");
        assertThat(carryOut(new UserChange.Close("%064x".formatted(1), BOB))).isEqualTo("no-such-session");
        assertThat(carryOut(new UserChange.Close("%064x".formatted(1), ALICE))).isEmpty();
        assertThat(judged(1)).isEqualTo(UserRefusal.UNKNOWN_TOKEN);
        Session late =
                new Session(ALICE, Caller.Scope.EVERYTHING, Session.Way.SIGNATURE, "", "", NOW, NOW + 86_400 + 11, "");
        assertThat(carryOut(open(99, late))).isEqualTo("expires-too-late");

        seconds = NOW + 3_600;
        Transaction writes = new Transaction(draft);
        new UserRegister(writes, at(writes)).forgetExpired();
        draft.apply(writes.writes());
        assertThat(draft.size(UserMaps.SESSIONS)).isZero();
        assertThat(draft.size(UserMaps.HELD)).isZero();
        assertThat(draft.size(UserMaps.EXPIRIES)).isZero();
    }

    private static UserChange.Use use(String grant, String kind, String... contracts) {
        return new UserChange.Use(grant, "ethereum", kind, List.of(contracts));
    }

    private void forget() {
        Transaction writes = new Transaction(draft);
        new UserRegister(writes, at(writes)).forgetExpired();
        draft.apply(writes.writes());
    }

    @Test
    void shouldRecordAUseOfAGrantOnceAMinuteAndKeepItForAQuarter() {
        assertThat(carryOut(use("audit", "eth_call", "aa".repeat(20)))).isEqualTo("no-grant");
        X509Certificate certificate =
                consortium.of("auditor").members().getFirst().certificate();
        X509Certificate former = consortium.of("former").members().getFirst().certificate();
        constitution(
                List.of(),
                List.of(
                        new AuditorGrant("audit", certificate, List.of("*"), 6),
                        new AuditorGrant("over", former, List.of("*"), 5)));
        assertThat(carryOut(use("over", "eth_call"))).isEqualTo("no-grant");
        assertThat(carryOut(use("audit", "eth_call", "aa".repeat(20)))).isEmpty();
        seconds += 59 - NOW % 60;
        assertThat(carryOut(use("audit", "eth_call", "aa".repeat(20)))).isEmpty();
        assertThat(draft.size(UserMaps.USES)).isEqualTo(1);
        assertThat(carryOut(use("audit", "eth_call", "bb".repeat(20)))).isEmpty();
        assertThat(carryOut(use("audit", "eth_getLogs", "aa".repeat(20)))).isEmpty();
        seconds++;
        assertThat(carryOut(use("audit", "eth_call", "aa".repeat(20)))).isEmpty();
        RecordedUse.Page page = RecordedUse.page(draft, new byte[0], 3);
        assertThat(page.uses())
                .contains(new RecordedUse(
                        "audit",
                        Sessions.fingerprint(certificate),
                        "ethereum",
                        "eth_call",
                        List.of("aa".repeat(20)),
                        NOW));
        byte[] next = page.next();
        assertThat(next).isNotNull();
        assertThat(RecordedUse.page(draft, next == null ? new byte[0] : next, 3).uses())
                .singleElement()
                .extracting(RecordedUse::seconds)
                .isEqualTo(seconds);

        seconds = NOW + UserLimits.USES_KEPT_SECONDS - 1;
        forget();
        assertThat(draft.size(UserMaps.USES)).isEqualTo(4);
        seconds++;
        forget();
        assertThat(draft.size(UserMaps.USES)).isEqualTo(1);
        seconds += 60;
        forget();
        assertThat(draft.size(UserMaps.USES)).isZero();
    }

    @Test
    void shouldRecordByTheHourWhoAsksForTooMuchInADay() {
        X509Certificate certificate =
                consortium.of("auditor").members().getFirst().certificate();
        constitution(List.of(), List.of(new AuditorGrant("audit", certificate, List.of("*"), 6)));
        seconds = NOW - NOW % 86_400;
        for (int asked = 0; asked < UserLimits.USES_PER_DAY + 100; asked++) {
            assertThat(carryOut(use("audit", "eth_call", "%040x".formatted(asked))))
                    .isEmpty();
            seconds += 60;
        }
        assertThat(RecordedUse.isCrowded(draft, "audit", seconds)).isTrue();
        List<RecordedUse> uses = RecordedUse.page(draft, new byte[0], 10_000).uses();
        List<RecordedUse> coarse =
                uses.stream().filter(each -> each.kind().equals("*")).toList();
        // A hundred minutes, that begin within an hour, touch three at most.
        assertThat(uses).hasSize(UserLimits.USES_PER_DAY + coarse.size());
        assertThat(coarse)
                .hasSizeBetween(2, 3)
                .allMatch(each -> each.contracts().equals(List.of("*")));

        seconds = NOW - NOW % 86_400 + 86_400;
        assertThat(RecordedUse.isCrowded(draft, "audit", seconds)).isFalse();
        assertThat(carryOut(use("audit", "eth_call", "aa".repeat(20)))).isEmpty();
        assertThat(RecordedUse.page(draft, new byte[0], 10_000).uses().getLast().kind())
                .isEqualTo("eth_call");
    }

    @Test
    void shouldReadAChangeInItsOneFormOrRefuseWhateverIsSent() {
        byte[] whole = open(1, session(ALICE, Session.Way.SIGNATURE, "", ""))
                .offer(new byte[16])
                .payload();
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                assertThat(UserChange.parse(bytes)).isNotNull();
            } catch (DocumentException expected) {
                refused++;
            }
        }
        System.out.printf("changes of users: %d of 20000 refused%n", refused);
        assertThat(refused).isGreaterThan(10_000);
        assertThatThrownBy(() -> UserChange.parse("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DocumentException.class);
    }
}
