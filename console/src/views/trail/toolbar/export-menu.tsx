import { texts } from "../../../texts";
import { Disclosure } from "./disclosure";
import type { Exports } from "./export-state";

interface Props {
  readonly exports: Exports;
}

/** Take the view along: as a file, or as a command that lists the same events. */
export function ExportMenu({ exports }: Props) {
  return (
    <Disclosure title={texts.exporting.title} buttonClass="toolbar-button" label={<>{texts.exporting.open} ▾</>}>
      {(close, { ExportChoices }) => <ExportChoices exports={exports} close={close} />}
    </Disclosure>
  );
}
