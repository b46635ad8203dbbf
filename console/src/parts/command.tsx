import { useConsole } from "../state/context";
import { texts } from "../texts";
import { CopyButton } from "./copy";

interface Props {
  /** Without the stack, which is added: `doctor`. */
  readonly arguments: string;
}

const PLAIN = /^[A-Za-z0-9-]+$/;

/** A command of `prooftrail` about this stack, to copy. */
export function Command({ arguments: given }: Props) {
  const { stack } = useConsole().settings;
  const option = stack !== undefined && PLAIN.test(stack) ? ` --stack ${stack}` : "";
  const command = `prooftrail ${given}${option}`;
  return (
    <span class="command">
      <code class="command-text">{command}</code>
      <CopyButton text={command} label={texts.health.commands.copy} />
    </span>
  );
}
