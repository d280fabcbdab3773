package coco.governance;

import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.rules.VotingRules;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One change of the constitution, or one order to the service, that a proposal may ask for. The catalogue with
 * arguments and effects is {@link ActionKind}; docs/governance-actions.md is generated from it.
 */
public sealed interface Action {
    /** Which one it is. */
    ActionKind kind();

    /**
     * Reads {@code {"name": …, "arguments": {…}}}.
     *
     * @throws DocumentException if there is no such action, or its arguments are not what it takes
     */
    static Action read(Fields fields) {
        ActionKind kind = fields.word("name", List.of(ActionKind.values()), ActionKind::word);
        Fields arguments = fields.object("arguments");
        Action action = kind.read(arguments);
        arguments.finish();
        return action;
    }

    /**
     * Whether it may weaken secrecy, so that it waits for the notice of the constitution. A recovery key that is new
     * to the list will open journals.
     */
    default boolean weakensSecrecy() {
        boolean recovers = (this instanceof AddMember(Member member) && member.recoveryKey() != null)
                || (this instanceof RenewMember renewal && renewal.recoveryKey() != null);
        return recovers || kind().notice() == ActionKind.Notice.ALWAYS;
    }

    /** Its arguments, as {@link #read} takes them. */
    default ObjectNode arguments() {
        return ActionDocument.arguments(this);
    }

    /** What {@link #read} takes. */
    default ObjectNode toJson() {
        ObjectNode json = Documents.object().put("name", name());
        json.set("arguments", arguments());
        return json;
    }

    /** Its name in documents, such as {@code add_member}. */
    default String name() {
        return kind().word();
    }

    /** Admits an organisation that votes. */
    record AddMember(Member member) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.ADD_MEMBER;
        }
    }

    /** Ejects a member, with the nodes it runs. */
    record RemoveMember(String id) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.REMOVE_MEMBER;
        }
    }

    /** Replaces what is given of a member's entry: null keeps what is there. */
    record RenewMember(
            String id,
            @Nullable X509Certificate certificate,
            @Nullable String governanceUsage,
            @Nullable PublicKey recoveryKey,
            @Nullable Set<Role> roles)
            implements Action {
        public RenewMember {
            roles = roles == null ? null : Set.copyOf(roles);
        }

        @Override
        public ActionKind kind() {
            return ActionKind.RENEW_MEMBER;
        }
    }

    /** Admits an organisation that transacts. */
    record AddParticipant(Participant participant) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.ADD_PARTICIPANT;
        }
    }

    /** Ejects a participant, with the nodes it runs. */
    record RemoveParticipant(String id) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.REMOVE_PARTICIPANT;
        }
    }

    /** Replaces a participant's certificate. */
    record RenewParticipant(String id, X509Certificate certificate) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.RENEW_PARTICIPANT;
        }
    }

    /** Puts a node on the list. */
    record AdmitNode(NodeEntry node) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.ADMIT_NODE;
        }
    }

    /** Takes a node off the list. */
    record RemoveNode(String id) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.REMOVE_NODE;
        }
    }

    /** Takes one node off the list and puts another of the same owner on it. */
    record ReplaceNode(String id, NodeEntry node) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.REPLACE_NODE;
        }
    }

    /** Trusts a platform. */
    record AddPlatform(PlatformEntry platform) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.ADD_PLATFORM;
        }
    }

    /** Trusts a platform no longer. */
    record RetirePlatform(String platform) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.RETIRE_PLATFORM;
        }
    }

    /** Demands more of a platform. */
    record SetPlatform(PlatformEntry platform) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_PLATFORM;
        }
    }

    /** Endorses code. */
    record AddCode(String platform, String measurement, String label) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.ADD_CODE;
        }
    }

    /** Lets code run for so many more blocks. */
    record RetireCode(String platform, String measurement, long graceBlocks) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.RETIRE_CODE;
        }
    }

    /** Replaces the voting rules. */
    record SetRules(VotingRules rules) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_RULES;
        }
    }

    /** Replaces the limits of blocks. */
    record SetLimits(BlockLimits limits) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_LIMITS;
        }
    }

    /** Replaces the policy of epochs. */
    record SetEpochPolicy(EpochPolicy epoch) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_EPOCH_POLICY;
        }
    }

    /** Demands a new epoch now. */
    record NewEpoch() implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.NEW_EPOCH;
        }
    }

    /** Lets applications transact. */
    record OpenService() implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.OPEN_SERVICE;
        }
    }

    /** Changes how many members recover together. */
    record SetRecoveryThreshold(int threshold) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_RECOVERY_THRESHOLD;
        }
    }

    /** Accepts an issuer's identity tokens, or replaces its entry. */
    record SetOidcIssuer(OidcIssuer issuer) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_OIDC_ISSUER;
        }
    }

    /** Accepts an issuer's tokens no longer. */
    record RemoveOidcIssuer(String issuer) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.REMOVE_OIDC_ISSUER;
        }
    }

    /** Sets how many users an actor may enrol; none takes the entry away. */
    record SetEnrolmentQuota(EnrolmentQuota quota) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_ENROLMENT_QUOTA;
        }
    }

    /** Binds a rule to a contract, or replaces it. */
    record SetContractAccess(ContractAccess access) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_CONTRACT_ACCESS;
        }
    }

    /** Takes a contract's bound rule away. */
    record RemoveContractAccess(String ledger, String contract) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.REMOVE_CONTRACT_ACCESS;
        }
    }

    /** Lets an auditor read, or replaces its grant. */
    record GrantAuditor(AuditorGrant grant) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.GRANT_AUDITOR;
        }
    }

    /** Ends an auditor's grant. */
    record RevokeAuditor(String id) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.REVOKE_AUDITOR;
        }
    }

    /**
     * Changes a ledger's state by vote, visible as such.
     *
     * @param ledger id of the ledger
     * @param change the ledger's own bytes, lower-case hexadecimal
     * @param reason for everybody to read
     */
    record Compensate(String ledger, String change, String reason) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.COMPENSATE;
        }
    }

    /** Changes how long actions that weaken secrecy wait. */
    record SetNotice(long blocks) implements Action {
        @Override
        public ActionKind kind() {
            return ActionKind.SET_NOTICE;
        }
    }
}
