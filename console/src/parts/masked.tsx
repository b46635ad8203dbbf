import { MASK } from "../state/masks";
import { texts } from "../texts";
import { Untrusted } from "./untrusted";

interface Props {
  /** What the API shows in place of the value: nothing of it, or the network of an address. */
  readonly text: string;
}

/** A value that the API has masked. */
export function Masked({ text }: Props) {
  return (
    <span class="masked">
      {text !== MASK && (
        <>
          <Untrusted text={text} line />{" "}
        </>
      )}
      <span class="masked-word">{texts.personal.masked}</span>
    </span>
  );
}
