package coco.governance;

import coco.governance.document.Fields;
import java.util.Locale;
import java.util.function.Function;

/** The catalogue of actions: what each takes, does, and does besides. docs/governance-actions.md is made from it. */
public enum ActionKind {
    ADD_MEMBER(
            ActionDocument::addMember,
            "id, certificate, governanceUsage?, recoveryKey?, roles?",
            "Admits an organisation that proposes and votes. A new epoch begins; other open proposals are void."),
    REMOVE_MEMBER(
            ActionDocument::removeMember,
            "id",
            "Ejects a member, the nodes it runs, its quota and its issuers of tokens. A new epoch begins, and a new"
                    + " generation if it ran nodes; other open proposals are void."),
    RENEW_MEMBER(
            ActionDocument::renewMember,
            "id, certificate?, governanceUsage?, recoveryKey?, roles?",
            "Replaces what is given of a member's entry. A new epoch begins; other open proposals are void."),
    ADD_PARTICIPANT(
            ActionDocument::addParticipant,
            "id, certificate",
            "Admits an organisation that transacts and has no vote. A new epoch begins."),
    REMOVE_PARTICIPANT(
            ActionDocument::removeParticipant,
            "id",
            "Ejects a participant, the nodes it runs, its quota and its issuers of tokens. A new epoch begins, and a"
                    + " new generation if it ran nodes."),
    RENEW_PARTICIPANT(
            ActionDocument::renewParticipant,
            "id, certificate",
            "Replaces a participant's certificate. A new epoch begins."),
    ADMIT_NODE(
            ActionDocument::admitNode,
            "node: id, owner, host, raftPort, administrativePort, applicationPort, certificate, wrappingKey,"
                    + " ownerSignature",
            "Puts a node on the list: it may join if its evidence holds. A new epoch begins, wrapped for it too."),
    REMOVE_NODE(
            ActionDocument::removeNode,
            "id",
            "Takes a node off the list: its connections are cut. A new epoch and a new generation begin."),
    REPLACE_NODE(
            ActionDocument::replaceNode,
            "id, node: as admit_node",
            "Takes a node off the list and puts another of the same owner on it. A new epoch and a new generation"
                    + " begin."),
    ADD_PLATFORM(
            ActionDocument::addPlatform,
            "platform, minimum?, accepted?, signers?",
            "Trusts a kind of TEE; simulated is never added beside hardware. One that was retired returns with at least"
                    + " the demands it had."),
    RETIRE_PLATFORM(
            ActionDocument::retirePlatform,
            "platform",
            "Trusts a kind of TEE no longer, and takes its code off the manifest: nodes on it are cut. What was"
                    + " demanded of it is kept. A new epoch and a new generation begin."),
    SET_PLATFORM(
            ActionDocument::setPlatform,
            "platform, minimum?, accepted?, signers?",
            "Demands more of a kind of TEE: numbers only grow, lists only shrink. A new epoch and a new generation"
                    + " begin."),
    ADD_CODE(ActionDocument::addCode, "platform, measurement, label", "Endorses code: nodes that run it may join."),
    RETIRE_CODE(
            ActionDocument::retireCode,
            "platform, measurement, graceBlocks",
            "Lets code run for so many more blocks. Nodes that still run it then are cut, and a new epoch and a new"
                    + " generation begin; until then a majority of nodes has to run other code already, and no newcomer is"
                    + " let in with it."),
    SET_RULES(
            ActionDocument::setRules,
            "rules",
            "Replaces the voting rules. The old ones judge it, the new ones judge what comes; other open proposals are"
                    + " void."),
    SET_LIMITS(
            ActionDocument::setLimits,
            "batchMaxTransactions, batchMinIntervalMillis, blockMaxBytes, pipelineWindow",
            "Replaces the limits of blocks, from the next block on."),
    SET_EPOCH_POLICY(
            ActionDocument::setEpochPolicy, "maxBlocks, maxAgeSeconds", "Replaces when a new epoch begins by itself."),
    NEW_EPOCH(ActionDocument::newEpoch, "none", "Begins a new epoch."),
    OPEN_SERVICE(
            ActionDocument::openService,
            "none",
            "Lets applications transact. The signed ballots are the members' agreement to genesis document and service"
                    + " key, which the service id in each of them covers."),
    SET_RECOVERY_THRESHOLD(
            ActionDocument::setRecoveryThreshold,
            "threshold",
            "Changes how many members recover together. A new epoch begins."),
    SET_OIDC_ISSUER(
            ActionDocument::setOidcIssuer,
            "issuer, actor, audience, keys",
            "Accepts an issuer's identity tokens for the users of one actor, or replaces its entry."),
    REMOVE_OIDC_ISSUER(ActionDocument::removeOidcIssuer, "issuer", "Accepts an issuer's tokens no longer."),
    SET_ENROLMENT_QUOTA(
            ActionDocument::setEnrolmentQuota,
            "actor, addresses, transactionsPerSecond?, gasPerSecond?, poolSlots?",
            "Sets how many users an actor may enrol, and what all of them may send together; 0 addresses takes the"
                    + " entry away."),
    SET_CONTRACT_ACCESS(
            ActionDocument::setContractAccess,
            "ledger, contract, rule",
            "Binds a rule to a contract that cannot carry one, or replaces it."),
    REMOVE_CONTRACT_ACCESS(
            ActionDocument::removeContractAccess, "ledger, contract", "Takes a contract's bound rule away."),
    GRANT_AUDITOR(
            ActionDocument::grantAuditor,
            "id, certificate, contracts, expiresAtHeight",
            "Lets an auditor read, or replaces its grant."),
    REVOKE_AUDITOR(ActionDocument::revokeAuditor, "id", "Ends an auditor's grant."),
    COMPENSATE(
            ActionDocument::compensate,
            "ledger, change, reason",
            "Has a ledger change its state by vote, in a transaction of its own that says so. History stays. The change"
                    + " stands in the journal in clear."),
    SET_NOTICE(ActionDocument::setNotice, "blocks", "Changes how long actions that weaken secrecy wait.");

    @SuppressWarnings("ImmutableEnumChecker") // a method without state
    private final Function<Fields, Action> reader;

    private final String arguments;
    private final String effect;

    ActionKind(Function<Fields, Action> reader, String arguments, String effect) {
        this.reader = reader;
        this.arguments = arguments;
        this.effect = effect;
    }

    /** The name in documents: snake_case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Which arguments it takes; optional ones end in a question mark. */
    public String arguments() {
        return arguments;
    }

    /** What it does, for people. */
    public String effect() {
        return effect;
    }

    /** Whether an accepted action waits before it takes effect, as what weakens secrecy does. */
    public enum Notice {
        /** It takes effect at once. */
        NONE(""),
        /** It waits if it brings a recovery key, which will open journals. */
        WITH_RECOVERY_KEY("with a recoveryKey"),
        /** It waits. */
        ALWAYS("yes");

        private final String words;

        Notice(String words) {
            this.words = words;
        }

        /** As the catalogue shows it. */
        public String words() {
            return words;
        }
    }

    /** Which notice it is under: {@link Action#weakensSecrecy} says it of one action. */
    public Notice notice() {
        return switch (this) {
            case ADD_MEMBER, RENEW_MEMBER -> Notice.WITH_RECOVERY_KEY;
            case ADD_PLATFORM,
                    ADD_CODE,
                    SET_RECOVERY_THRESHOLD,
                    SET_OIDC_ISSUER,
                    SET_CONTRACT_ACCESS,
                    REMOVE_CONTRACT_ACCESS,
                    GRANT_AUDITOR,
                    SET_NOTICE -> Notice.ALWAYS;
            case REMOVE_MEMBER,
                    ADD_PARTICIPANT,
                    REMOVE_PARTICIPANT,
                    RENEW_PARTICIPANT,
                    ADMIT_NODE,
                    REMOVE_NODE,
                    REPLACE_NODE,
                    RETIRE_PLATFORM,
                    SET_PLATFORM,
                    RETIRE_CODE,
                    SET_RULES,
                    SET_LIMITS,
                    SET_EPOCH_POLICY,
                    NEW_EPOCH,
                    OPEN_SERVICE,
                    REMOVE_OIDC_ISSUER,
                    SET_ENROLMENT_QUOTA,
                    REVOKE_AUDITOR,
                    COMPENSATE -> Notice.NONE;
        };
    }

    Action read(Fields fields) {
        return reader.apply(fields);
    }
}
