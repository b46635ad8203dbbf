import type { Log } from "../../api/types";
import { formatHex } from "../../format";
import { CopyButton } from "../../parts/copy";
import { Untrusted } from "../../parts/untrusted";
import { texts } from "../../texts";

const words = texts.health.facts;

interface Props {
  readonly log: Log;
  /** Null: not known. */
  readonly fingerprint: string | null;
  /** Null: not known. */
  readonly witnesses: readonly string[] | null;
}

/** Which log it is: by its name, and by its key. */
export function LogFacts({ log, fingerprint, witnesses }: Props) {
  return (
    <dl class="health-facts">
      <dt>{words.origin}</dt>
      <dd>
        <Untrusted text={log.origin} />
      </dd>
      <dt>{words.fingerprint}</dt>
      <dd>
        {fingerprint === null ? (
          words.unknown
        ) : (
          <>
            <code class="health-hash">{formatHex(fingerprint)}</code>
            <CopyButton text={fingerprint} label={words.copyFingerprint} />
          </>
        )}
      </dd>
      <dt>{words.key}</dt>
      <dd>
        <code class="health-hash">
          <Untrusted text={log.verifierKey} />
        </code>
        <CopyButton text={log.verifierKey} label={words.copyKey} />
      </dd>
      <dt>{words.witnesses}</dt>
      <dd>
        {witnesses === null
          ? words.unknown
          : witnesses.length === 0
            ? words.noWitness
            : witnesses.map((name) => (
                <span key={name}>
                  <Untrusted text={name} />
                </span>
              ))}
      </dd>
    </dl>
  );
}
