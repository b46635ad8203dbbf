import { formatHex, formatNumber } from "../../format";
import { Time } from "../../parts/time";
import { texts } from "../../texts";
import type { Verdict } from "../../verify/steps";
import type { Result } from "../../verify/verify";

const SIGNS: Readonly<Record<Verdict, string>> = { verified: "✓", refuted: "✕", unproved: "!" };

interface Props {
  readonly result: Result;
}

/** What came of a verification: a word, a sentence, and as of when. */
export function Summary({ result }: Props) {
  const { verdict, checkpoint, key, asOfMs } = result;
  const [word, sentence] = texts.verified.verdicts[verdict];
  const labels = texts.verified.summary;
  return (
    <div
      class="verified-result"
      data-verdict={verdict}
      role={verdict === "refuted" ? "alert" : "status"}
    >
      <p class="verified-verdict">
        <span class="verified-sign" aria-hidden="true">
          {SIGNS[verdict]}
        </span>
        {word}
      </p>
      <p>{sentence}</p>
      {checkpoint && (
        <dl class="verified-summary">
          <div>
            <dt>{labels.asOf}</dt>
            <dd>
              {asOfMs === null ? (
                texts.verified.unknownTime
              ) : (
                <Time value={new Date(asOfMs).toISOString()} />
              )}
            </dd>
          </div>
          <div>
            <dt>{labels.size}</dt>
            <dd>{formatNumber(checkpoint.size)}</dd>
          </div>
          {key && (
            <div>
              <dt>{labels.fingerprint}</dt>
              <dd>
                <code title={key.fingerprint}>{formatHex(key.fingerprint.slice(0, 16))} …</code>
              </dd>
            </div>
          )}
        </dl>
      )}
    </div>
  );
}
