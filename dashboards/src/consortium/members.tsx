import { count, DataTable, EmptyState, ShortHash } from "../kit";
import { useEffect, useState } from "preact/hooks";
import type { Actor, Governance } from "./api";
import { hex, pemBlocks, sha256 } from "./bytes";

/** Who governs, who transacts, who may read, who wants in. */
export function MembersPart(props: { governance: Governance }) {
  const { constitution, joins } = props.governance;
  return (
    <>
      <section class="panel" aria-labelledby="members">
        <h2 id="members">Members</h2>
        <p class="quiet-text">They propose and vote, and see no business data.</p>
        <Actors actors={constitution.members} empty="No members" />
      </section>
      <section class="panel" aria-labelledby="participants">
        <h2 id="participants">Participants</h2>
        <p class="quiet-text">They transact and have no vote.</p>
        <Actors actors={constitution.participants} empty="No participants" />
      </section>
      <section class="panel" aria-labelledby="joins">
        <h2 id="joins">Nodes that ask to join</h2>
        <DataTable
          caption="Nodes that ask to join"
          rows={joins}
          keyOf={(join) => join.id}
          empty={<EmptyState title="Nobody asks">A node that runs coco node join shows up here until members have voted.</EmptyState>}
          columns={[
            { head: "Node", cell: (join) => join.id },
            { head: "Owner", cell: (join) => join.owner ?? "–" },
            { head: "Host", cell: (join) => join.host },
            { head: "Platform", cell: (join) => join.platform },
            { head: "Evidence", cell: (join) => (join.evidenceVerified ? "verified" : "not verified") },
          ]}
        />
      </section>
      <section class="panel" aria-labelledby="auditors">
        <h2 id="auditors">Auditors</h2>
        <DataTable
          caption="Auditors"
          rows={constitution.auditors}
          keyOf={(auditor) => auditor.id}
          empty={<EmptyState title="No auditors">Members grant one by the action grant_auditor.</EmptyState>}
          columns={[
            { head: "Auditor", cell: (auditor) => auditor.id },
            { head: "Grant ends at height", numeric: true, cell: (auditor) => count(auditor.expiresAtHeight) },
          ]}
        />
      </section>
    </>
  );
}

function Actors(props: { actors: Actor[]; empty: string }) {
  return (
    <DataTable
      caption="Organisations"
      rows={props.actors}
      keyOf={(actor) => actor.id}
      empty={<EmptyState title={props.empty}>Members add one by a proposal.</EmptyState>}
      columns={[
        { head: "Organisation", cell: (actor) => <strong>{actor.id}</strong> },
        { head: "Roles", cell: (actor) => actor.roles?.join(", ") || "–" },
        { head: "Holds a recovery share", cell: (actor) => (actor.recoveryKey === undefined ? "no" : "yes") },
        { head: "Certificate, SHA-256", cell: (actor) => <Fingerprint pem={actor.certificate} /> },
      ]}
    />
  );
}

/** Of the certificate as it stands in the constitution. */
function Fingerprint(props: { pem: string }) {
  const [digest, setDigest] = useState("");
  useEffect(() => {
    const [der] = pemBlocks(props.pem, "CERTIFICATE");
    if (der !== undefined) {
      void sha256(der).then((bytes) => setDigest(hex(bytes)));
    }
  }, [props.pem]);
  return digest === "" ? null : <ShortHash hex={digest} what="fingerprint" />;
}
