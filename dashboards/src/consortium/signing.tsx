import { useState } from "preact/hooks";
import { CopyButton, FileField, sentence } from "../kit";
import type { Constitution } from "./api";
import { type MemberKey, openKey, Unusable } from "./message";

/** Where a member gives its key to this tab. It is read here and goes nowhere. */
export function KeyPanel(props: {
  member: MemberKey | undefined;
  onMember: (member: MemberKey | undefined) => void;
  constitution: Constitution;
}) {
  const [keyFile, setKeyFile] = useState<File>();
  const [certificateFile, setCertificateFile] = useState<File>();
  const [errors, setErrors] = useState<{ key?: string; certificate?: string }>({});

  if (props.member !== undefined) {
    return (
      <section class="panel" aria-labelledby="signing">
        <div class="panel-head">
          <h2 id="signing">Signing as {props.member.member}</h2>
          <button type="button" onClick={() => props.onMember(undefined)}>
            Forget the key
          </button>
        </div>
        <p class="quiet-text">The key is in the memory of this tab and nowhere else; a reload forgets it.</p>
      </section>
    );
  }

  const open = async (): Promise<void> => {
    const missing = {
      ...(keyFile === undefined ? { key: "Choose the member's private key." } : {}),
      ...(certificateFile === undefined ? { certificate: "Choose the member's certificate." } : {}),
    };
    setErrors(missing);
    if (keyFile === undefined || certificateFile === undefined) {
      return;
    }
    try {
      props.onMember(await openKey(await keyFile.text(), await certificateFile.text(), props.constitution.members));
    } catch (failure) {
      setErrors(failure instanceof Unusable ? { [failure.file]: failure.message } : { key: sentence(failure) });
    }
  };
  return (
    <section class="panel" aria-labelledby="signing">
      <h2 id="signing">Sign in this browser</h2>
      <p class="quiet-text">
        A member signs proposals and ballots with its own key. The files are read here and sent nowhere; the key stays in the
        memory of this tab and cannot be read back. Every action shows the line for the command line, too.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void open();
        }}
        noValidate
      >
        <div class="columns">
          <FileField
            label="Private key"
            hint="PKCS#8 in PEM, P-256 or P-384, such as members/developer.key"
            accept=".key,.pem,application/x-pem-file"
            error={errors.key}
            onFile={setKeyFile}
          />
          <FileField
            label="Certificate"
            hint="PEM, such as members/developer.pem"
            accept=".pem,.crt,.cer,application/x-pem-file"
            error={errors.certificate}
            onFile={setCertificateFile}
          />
        </div>
        <div class="row">
          <button type="submit">Use this key</button>
        </div>
      </form>
    </section>
  );
}

/** A line for a terminal, to be copied. */
export function CommandLine(props: { line: string; what: string }) {
  return (
    <div class="command">
      <pre tabIndex={0} aria-label={`Command line: ${props.what}`}>
        {props.line}
      </pre>
      <CopyButton text={props.line} what={`the command line: ${props.what}`} />
    </div>
  );
}
