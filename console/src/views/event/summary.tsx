import { LOCALE } from "../../format";
import { Time } from "../../parts/time";
import { texts } from "../../texts";
import type { Verdict } from "../../verify/steps";
import type { Result } from "../../verify/verify";

const SIGNS: Readonly<Record<Verdict, string>> = { verified: "✓", refuted: "✗", unproved: "!" };

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
            <dd>{new Intl.NumberFormat(LOCALE).format(checkpoint.size)}</dd>
          </div>
          {key && (
            <div>
              <dt>{labels.fingerprint}</dt>
              <dd>
                <code title={key.fingerprint}>{groupHex(key.fingerprint.slice(0, 16))} …</code>
              </dd>
            </div>
          )}
        </dl>
      )}
    </div>
  );
}

/** Returns hex in groups of four, which a reader can compare. */
export function groupHex(text: string): string {
  return text.replace(/(.{4})(?=.)/g, "$1 ");
}
