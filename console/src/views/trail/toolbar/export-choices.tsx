import { formatNumber } from "../../../format";
import { CopyButton } from "../../../parts/copy";
import { useConsole } from "../../../state/context";
import { getQuery } from "../../../state/filters";
import { texts } from "../../../texts";
import { makeCurl, makeQueryCommand } from "./commands";
import { MAX_IN_MEMORY, MAX_ON_DISK } from "./export";
import type { Exports } from "./export-state";

interface Props {
  readonly exports: Exports;
  readonly close: () => void;
}

/** The ways to export what is shown: as a file, a link or a command. */
export function ExportChoices({ exports, close }: Props) {
  const { api, navigation, settings } = useConsole();
  const { tenantId, filters, range } = navigation.place.value;
  const query = () => getQuery(tenantId, filters, range, Date.now());
  const needsToken = settings.signIn !== undefined;
  const copyCurl = () => {
    const address = new URL(api.getAddress("", query()), window.location.href);
    return makeCurl(address.href, needsToken);
  };
  const copyLink = () => new URL(navigation.href({ eventId: null }), window.location.href).href;
  const isBusy = exports.state.value?.kind === "running";
  const hasPicker = "showSaveFilePicker" in window;
  return (
    <div class="toolbar-export-menu">
      {(["ndjson", "csv"] as const).map((format) => (
        <button
          key={format}
          type="button"
          class="toolbar-button"
          disabled={isBusy}
          onClick={() => {
            close();
            void exports.start(query(), format);
          }}
        >
          ↓ {texts.exporting[format]}
        </button>
      ))}
      <p class="toolbar-form-hint">
        {hasPicker
          ? texts.exporting.diskNote(formatNumber(MAX_ON_DISK))
          : texts.exporting.memoryNote(formatNumber(MAX_IN_MEMORY))}{" "}
        {texts.exporting.maskedNote} {texts.exporting.csvNote}
      </p>
      {navigation.isInUrl && (
        <>
          <hr />
          <CopyButton label={texts.exporting.link} text={copyLink} />
          <CopyButton label={texts.exporting.curl} text={copyCurl} />
          <CopyButton
            label={texts.exporting.command}
            text={() => makeQueryCommand({ tenantId, filters, range, stack: settings.stack })}
          />
          <p class="toolbar-form-hint">{needsToken ? texts.exporting.tokenNote : texts.exporting.signNote}</p>
        </>
      )}
    </div>
  );
}
