import { useState } from "preact/hooks";
import {
  count,
  ErrorState,
  FileField,
  get,
  type Json,
  measured,
  quantity,
  Rpc,
  sentence,
  ShortHash,
  TextField,
  transactionStatus,
  type TransactionStatus,
  useKept,
  usePoll,
} from "../kit";
import { pemBlocks } from "./bytes";
import { certificate, type Certificate, Malformed } from "./der";
import { parse, type Verdict, verify } from "./receipt";
import { CommandLine } from "./signing";

/** A transaction's fate, and the proof of it. */
export function JournalPart() {
  return (
    <>
      <TransactionCheck />
      <ReceiptCheck />
    </>
  );
}

const NAME = /^(0x)?[0-9a-fA-F]{64}$/;

function TransactionCheck() {
  const [text, setText] = useKept("transaction", "");
  const [asked, setAsked] = useKept("transaction.asked", "");
  const [error, setError] = useState<string>();
  return (
    <section class="panel" aria-labelledby="transaction">
      <h2 id="transaction">A transaction</h2>
      <form
        noValidate
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const name = text.trim();
          setError(NAME.test(name) ? undefined : "A transaction is named by 64 hexadecimal digits, with or without 0x.");
          setAsked(NAME.test(name) ? name.toLowerCase().replace(/^0x/, "") : "");
        }}
      >
        <TextField label="Transaction" type="search" hint="Its id; of an Ethereum transaction, the hash" value={text} error={error} onInput={setText} />
        <div class="row">
          <button type="submit" class="wa-brand">
            Look it up
          </button>
        </div>
      </form>
      {asked === "" ? null : <Fate key={asked} transaction={asked} />}
    </section>
  );
}

/** What has become of it; asked again while that can change. */
function Fate(props: { transaction: string }) {
  const polled = usePoll((signal) => transactionStatus(props.transaction, signal), 1_000, props.transaction);
  const { data, error, refresh } = polled;
  if (data === undefined) {
    return error === undefined ? null : <ErrorState what="Its status could not be read." failure={error} onRetry={refresh} />;
  }
  return (
    <div class="stack" data-testid="fate">
      <dl class="facts">
        <dt>Status</dt>
        <dd>
          <wa-badge variant={data.status === "committed" ? "success" : data.status === "invalid" ? "danger" : "neutral"}>{data.status}</wa-badge>{" "}
          {MEANINGS[data.status]}
        </dd>
        {data.height === undefined ? null : (
          <>
            <dt>{data.status === "committed" ? "Journal height" : "In no block up to"}</dt>
            <dd>{count(data.height)}</dd>
          </>
        )}
        {data.ordinal === undefined ? null : (
          <>
            <dt>Ledger and place</dt>
            <dd>
              {data.ledger}, number {count(data.ordinal)} in the block
            </dd>
          </>
        )}
        {data.reason === undefined ? null : (
          <>
            <dt>Reason</dt>
            <dd>
              {data.reason} (code {data.code})
            </dd>
          </>
        )}
      </dl>
      {data.status === "committed" ? <Proof status={data} /> : null}
    </div>
  );
}

const MEANINGS = {
  committed: "it stands in a block that a majority has on disk",
  pending: "the node has taken it, and it is in no block yet",
  invalid: "the leader has refused it",
  unknown: "this node knows nothing of it; it may be pending at another",
} as const;

const rpc = new Rpc();

interface EthereumReceipt {
  blockNumber: string;
  status?: string;
  gasUsed: string;
  from: string;
  to: string | null;
  contractAddress: string | null;
}

function Proof(props: { status: TransactionStatus }) {
  const { transaction, ledger } = props.status;
  const receipt = usePoll((signal) => get<Json>(`/journal/receipt/${transaction}`, signal), 3_600_000, transaction);
  const ethereum = usePoll(
    async () => (ledger === "ethereum" ? rpc.read<EthereumReceipt | null>("eth_getTransactionReceipt", [`0x${transaction}`]) : null),
    3_600_000,
    transaction,
  );
  return (
    <>
      {ethereum.data ? (
        <dl class="facts">
          <dt>Ethereum block</dt>
          <dd>{count(quantity(ethereum.data.blockNumber))}</dd>
          <dt>Outcome</dt>
          <dd>{ethereum.data.status === "0x1" ? "success" : "reverted"}</dd>
          <dt>Gas used</dt>
          <dd>{measured(quantity(ethereum.data.gasUsed), "gas")}</dd>
          <dt>From</dt>
          <dd>
            <ShortHash hex={ethereum.data.from} what="sender" />
          </dd>
          <dt>{ethereum.data.to === null ? "Created" : "To"}</dt>
          <dd>
            <ShortHash hex={ethereum.data.to ?? ethereum.data.contractAddress ?? ""} what="receiver" />
          </dd>
        </dl>
      ) : null}
      {receipt.data === undefined ? (
        receipt.error === undefined ? null : (
          <ErrorState what="There is no receipt for you." failure={receipt.error} />
        )
      ) : (
        <>
          <Verified receipt={receipt.data} />
          <div class="row">
            <a class="wa-button" href={`/journal/receipt/${transaction}`} download={`receipt-${transaction.slice(0, 8)}.json`}>
              Save the receipt
            </a>
          </div>
          <CommandLine
            what="verify the receipt"
            line={`coco receipt get ${transaction} --out receipt.json\ncoco receipt verify receipt.json --service-cert service.pem --transaction ${transaction}`}
          />
        </>
      )}
    </>
  );
}

/** Verified with the certificate that the node itself tells, which is said. */
function Verified(props: { receipt: Json }) {
  const polled = usePoll(async (signal) => {
    const { identities } = await get<{ identities: { certificate: string }[] }>("/node/service", signal);
    return verify(props.receipt, readCertificate(identities.at(-1)?.certificate ?? ""));
  }, 3_600_000);
  if (polled.data === undefined) {
    return polled.error === undefined ? null : <ErrorState what="The receipt could not be verified." failure={polled.error} />;
  }
  return (
    <>
      <Steps verdict={polled.data} />
      <p class="quiet-text">
        Verified in this browser with the service certificate that this node told. To rely on nobody here, verify with a certificate that you got
        elsewhere: below, or by the command line.
      </p>
    </>
  );
}

function Steps(props: { verdict: Verdict }) {
  const { verdict } = props;
  return (
    <div class="stack" data-testid="verdict">
      <p>
        <wa-badge variant={verdict.valid ? "success" : "danger"}>{verdict.valid ? "valid" : "invalid"}</wa-badge>{" "}
        {verdict.valid
          ? `Transaction ${verdict.transaction.slice(0, 10)}… committed at height ${count(verdict.height)}.`
          : "This does not prove that the transaction committed."}
      </p>
      <ul class="checks">
        {verdict.steps.map((step) => (
          <li key={step.check} data-check={step.check}>
            <strong>
              {step.passed ? "✓" : "✗"} {step.check}
            </strong>
            : {step.words}
          </li>
        ))}
      </ul>
    </div>
  );
}

function readCertificate(pem: string): Certificate {
  const [der] = pemBlocks(pem, "CERTIFICATE");
  if (der === undefined) {
    throw new Malformed("there is none in PEM");
  }
  return certificate(der);
}

/** Receipts by file, with a certificate that the user trusts. No request is made. */
function ReceiptCheck() {
  const [receipt, setReceipt] = useState<File>();
  const [pem, setPem] = useState<File>();
  const [errors, setErrors] = useState<{ receipt?: string; pem?: string }>({});
  const [verdict, setVerdict] = useState<Verdict>();
  const check = async (): Promise<void> => {
    setVerdict(undefined);
    const missing = {
      ...(receipt === undefined ? { receipt: "Choose a receipt." } : {}),
      ...(pem === undefined ? { pem: "Choose the service's certificate." } : {}),
    };
    setErrors(missing);
    if (receipt === undefined || pem === undefined) {
      return;
    }
    let given: Certificate;
    try {
      given = readCertificate(await pem.text());
    } catch (failure) {
      setErrors({ pem: `This is no certificate of a service: ${sentence(failure)}.` });
      return;
    }
    try {
      setVerdict(await verify(parse(await receipt.text()), given));
    } catch (failure) {
      setErrors({ receipt: failure instanceof Malformed ? `This is no receipt: ${sentence(failure)}.` : sentence(failure) });
    }
  };
  return (
    <section class="panel" aria-labelledby="receipt">
      <h2 id="receipt">Verify a receipt</h2>
      <p class="quiet-text">
        All of it is checked in this browser, by the steps of the specification: the service’s identities, the sealer, its signature, the evidence of
        commitment, the path of the transaction to the block’s root, and the generation. Nothing is asked of the node.
      </p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void check();
        }}
      >
        <div class="columns">
          <FileField label="Receipt" hint="JSON, as saved above or by coco receipt get" accept=".json,application/json" error={errors.receipt} onFile={setReceipt} />
          <FileField label="Service certificate" hint="PEM, from whom you trust" accept=".pem,.crt,.cer" error={errors.pem} onFile={setPem} />
        </div>
        <div class="row">
          <button type="submit" class="wa-brand">
            Verify
          </button>
        </div>
      </form>
      {verdict === undefined ? null : <Steps verdict={verdict} />}
    </section>
  );
}
