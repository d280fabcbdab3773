package coco.governance;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Fields;
import coco.governance.rules.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class ActionCatalogueTest {
    private final Consortium consortium = new Consortium();

    private List<Action> all() {
        PlatformEntry platform = new PlatformEntry("tdx", new TreeMap<>(), List.of(), List.of());
        return List.of(
                new Action.AddMember(consortium.member("dora", Set.of(Role.OPERATOR))),
                new Action.RemoveMember("bob"),
                new Action.RenewMember(
                        "bob",
                        consortium.certificate("bob"),
                        "digitalSignature",
                        consortium.publicKey("bob recovery"),
                        Set.of(Role.OPERATOR)),
                new Action.AddParticipant(new Participant("depot", consortium.certificate("depot"))),
                new Action.RemoveParticipant("shop"),
                new Action.RenewParticipant("shop", consortium.certificate("shop")),
                new Action.AdmitNode(consortium.node("node-9", "bob", 9_900)),
                new Action.RemoveNode("node-bob"),
                new Action.ReplaceNode("node-bob", consortium.node("node-8", "bob", 9_800)),
                new Action.AddPlatform(platform),
                new Action.RetirePlatform("tdx"),
                new Action.SetPlatform(platform),
                new Action.AddCode("tdx", "ab".repeat(48), "release 2"),
                new Action.RetireCode("tdx", "ab".repeat(48), 100),
                new Action.SetRules(Consortium.rules(new Rule.Unanimous())),
                new Action.SetLimits(BlockLimits.defaults()),
                new Action.SetEpochPolicy(EpochPolicy.DEFAULT),
                new Action.NewEpoch(),
                new Action.OpenService(),
                new Action.SetRecoveryThreshold(2),
                new Action.SetOidcIssuer(new OidcIssuer("https://login.example", "bob", "coco", "{\"keys\":[]}")),
                new Action.RemoveOidcIssuer("https://login.example"),
                new Action.SetEnrolmentQuota(new EnrolmentQuota("bob", 10, 50, 30_000_000, 200)),
                new Action.SetContractAccess(new ContractAccess("ethereum", "0a0b", "{\"open\":true}")),
                new Action.RemoveContractAccess("ethereum", "0a0b"),
                new Action.GrantAuditor(
                        new AuditorGrant("audit", consortium.certificate("audit"), List.of("ethereum:0a"), 500)),
                new Action.RevokeAuditor("audit"),
                new Action.Compensate("kv", "0102", "a put that should not have been"),
                new Action.SetNotice(50));
    }

    @Test
    void shouldReadBackEveryActionOfTheCatalogue() {
        Set<ActionKind> seen = EnumSet.noneOf(ActionKind.class);
        for (Action action : all()) {
            ObjectNode json = action.toJson();
            Fields fields = new Fields(json, "");
            Action read = Action.read(fields);
            fields.finish();
            assertThat(CanonicalJson.write(read.toJson(), "")).isEqualTo(CanonicalJson.write(json, ""));
            assertThat(read.kind()).isEqualTo(action.kind());
            seen.add(read.kind());
        }
        assertThat(seen).containsExactlyInAnyOrder(ActionKind.values());
    }

    @Test
    void shouldRefuseWhatIsNotInTheCatalogueNamingTheArgument() {
        for (Action action : all()) {
            ObjectNode json = action.toJson();
            ((ObjectNode) json.get("arguments")).put("zzz", 1);
            assertThat(refusal(json)).as(action.name()).contains("arguments.zzz: unknown key");
            ObjectNode bare = action.toJson();
            bare.putObject("arguments");
            if (!action.arguments().isEmpty()) {
                assertThat(refusal(bare)).as(action.name()).contains("is missing");
            }
        }
        ObjectNode unknown = new Action.NewEpoch().toJson().put("name", "grant_founder_privilege");
        assertThat(refusal(unknown)).contains("name: must be one of add_member, remove_member");
    }

    private static String refusal(ObjectNode json) {
        try {
            Action.read(new Fields(json, ""));
            return "";
        } catch (DocumentException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    void shouldNameEveryArgumentInTheCatalogue() {
        for (Action action : all()) {
            Set<String> documented = Arrays.stream(action.kind().arguments().split("[:,] ?"))
                    .map(name -> name.replace("?", "").strip())
                    .collect(Collectors.toSet());
            assertThat(documented)
                    .as(action.name())
                    .containsAll(action.arguments().propertyNames());
        }
    }

    @Test
    void shouldEqualTheReferencePageInTheTree() throws IOException {
        Path page = Path.of(System.getProperty("coco.root"), "docs", "governance-actions.md");
        String generated = page();
        if (System.getenv("COCO_REGENERATE") != null) {
            Files.writeString(page, generated);
        }

        assertThat(Files.readString(page))
                .as("regenerate by running this test with COCO_REGENERATE=1 in the environment")
                .isEqualTo(generated);
    }

    private static String page() {
        StringBuilder out = new StringBuilder("""
            # Actions of governance

            Generated from `coco.governance.ActionKind`. A proposal is a list of these, `{"name": …, "arguments": {…}}` each, and takes effect
            whole or not at all. Arguments that end in `?` may be left out; their forms are those of the genesis document
            (`genesis.schema.json`, docs/specs/governance.md). Actions with a notice wait for the constitution's `notice.blocks`.

            | action | arguments | effect | notice |
            |---|---|---|---|
            """);
        for (ActionKind kind : ActionKind.values()) {
            out.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            kind.word(),
                            kind.arguments(),
                            kind.effect(),
                            kind.notice().words()));
        }
        return out.toString();
    }
}
