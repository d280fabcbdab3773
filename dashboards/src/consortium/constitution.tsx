import { bytes, count, counted, DataTable, duration, EmptyState, ShortHash } from "../kit";
import type { Constitution, Governance } from "./api";
import { ruleWords } from "./words";

/** What governs the network, as it is in force now. */
export function ConstitutionPart(props: { governance: Governance }) {
  const { constitution, binding, service } = props.governance;
  return (
    <>
      <section class="panel" aria-labelledby="constitution">
        <h2 id="constitution">Constitution</h2>
        <dl class="facts">
          <dt>Digest</dt>
          <dd>
            <ShortHash hex={binding.constitution} what="digest of the constitution" />
          </dd>
          <dt>Electorate</dt>
          <dd>
            <ShortHash hex={binding.electorate} what="digest of members and rules" />
          </dd>
          <dt>Preset</dt>
          <dd>{constitution.preset}</dd>
          <dt>Status</dt>
          <dd>{constitution.status}</dd>
          <dt>As of height</dt>
          <dd>{count(binding.height)}</dd>
        </dl>
      </section>
      <Rules constitution={constitution} />
      <div class="columns">
        <section class="panel" aria-labelledby="limits">
          <h2 id="limits">Limits of blocks</h2>
          <dl class="facts">
            <dt>Batch, at most</dt>
            <dd>{counted(constitution.limits.batchMaxTransactions, "transaction")}</dd>
            <dt>Between blocks, at least</dt>
            <dd>{duration(constitution.limits.batchMinIntervalMillis)}</dd>
            <dt>Block, at most</dt>
            <dd>{bytes(constitution.limits.blockMaxBytes)}</dd>
            <dt>In flight, at most</dt>
            <dd>{counted(constitution.limits.pipelineWindow, "block")}</dd>
          </dl>
        </section>
        <section class="panel" aria-labelledby="epochs">
          <h2 id="epochs">Epochs and recovery</h2>
          <dl class="facts">
            <dt>Epoch now</dt>
            <dd>{count(service.epoch)}</dd>
            <dt>A new one after</dt>
            <dd>
              {counted(constitution.epoch.maxBlocks, "block")} or {duration(constitution.epoch.maxAgeSeconds * 1_000)}
            </dd>
            <dt>Recovery</dt>
            <dd>{constitution.recovery.threshold === 0 ? "not possible: no threshold is set" : `takes ${counted(constitution.recovery.threshold, "member")}`}</dd>
            <dt>Notice of weaker secrecy</dt>
            <dd>{counted(constitution.notice.blocks, "block")}</dd>
          </dl>
        </section>
        <section class="panel" aria-labelledby="access">
          <h2 id="access">Who sees and sends</h2>
          <dl class="facts">
            {Object.entries(constitution.access).map(([name, value]) => (
              <Pair key={name} name={spaced(name)} value={typeof value === "boolean" ? (value ? "yes" : "no") : value} />
            ))}
          </dl>
        </section>
      </div>
      <section class="panel" aria-labelledby="platforms">
        <h2 id="platforms">Platforms and code</h2>
        <DataTable
          caption="Trusted platforms"
          rows={constitution.platforms}
          keyOf={(platform) => platform.platform}
          columns={[
            { head: "Platform", cell: (platform) => platform.platform },
            {
              head: "Demands at least",
              cell: (platform) =>
                Object.entries(platform.minimum ?? {})
                  .map(([name, least]) => `${name} ${least}`)
                  .join(", ") || "–",
            },
            { head: "Accepts also", cell: (platform) => platform.accepted?.join(", ") || "–" },
          ]}
        />
        <DataTable
          caption="Endorsed code"
          rows={constitution.code}
          keyOf={(code) => `${code.platform} ${code.measurement}`}
          empty={<EmptyState title="No code is endorsed">On simulated platforms every node may run any.</EmptyState>}
          columns={[
            { head: "Code", cell: (code) => code.label },
            { head: "Platform", cell: (code) => code.platform },
            { head: "Measurement", cell: (code) => <ShortHash hex={code.measurement} what="measurement" /> },
            { head: "Runs until height", numeric: true, cell: (code) => (code.retiresAtHeight === undefined ? "–" : count(code.retiresAtHeight)) },
          ]}
        />
      </section>
    </>
  );
}

function Pair(props: { name: string; value: string }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </>
  );
}

function spaced(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function Rules(props: { constitution: Constitution }) {
  const rules = props.constitution.rules;
  const isModule = rules !== null && typeof rules === "object" && !Array.isArray(rules) && typeof rules["module"] === "string";
  const isSingle = ruleWords(rules).length === 1;
  return (
    <section class="panel" aria-labelledby="rules">
      <h2 id="rules">Voting rules</h2>
      {isModule ? (
        <>
          <p>The rules are a script.</p>
          <pre tabIndex={0} aria-label="The rules as a script">
            {(rules as { module: string }).module}
          </pre>
        </>
      ) : (
        <DataTable
          caption="Voting rules"
          rows={ruleWords(rules)}
          keyOf={(rule) => rule.action}
          columns={[
            { head: "Action", cell: (rule) => (rule.action === "default" ? (isSingle ? "every action" : "all others") : <code>{rule.action}</code>) },
            { head: "Needs", cell: (rule) => rule.needs },
          ]}
        />
      )}
    </section>
  );
}
