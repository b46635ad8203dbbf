import type { ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TrailItem } from "../../api/types";
import { useConsole } from "../../state/context";
import { onFilterFocus } from "../../state/filter-focus";
import { laterCode } from "../../state/later";
import { texts } from "../../texts";
import { Chips } from "./toolbar/chips";
import { ExportMenu } from "./toolbar/export-menu";
import { makeExports } from "./toolbar/export-state";
import { ExportStatus } from "./toolbar/export-status";
import { HistogramFrame } from "./toolbar/histogram-frame";
import { describeRange } from "./toolbar/labels";
import { RangeControl } from "./toolbar/range";
import { readsWholeRange } from "./toolbar/rules";
import { makeSuggestions } from "./toolbar/suggestions";

interface Props {
  /** The events of the trail so far: their users are offered as filters. */
  readonly items: ReadonlySignal<readonly TrailItem[]>;
}

/** What is shown of the trail: filters, range and histogram. */
export function Toolbar({ items }: Props) {
  const { api, navigation, preferences } = useConsole();
  const root = useRef<HTMLElement>(null);
  const { filters, range } = navigation.place.value;
  const suggestions = useMemo(makeSuggestions, []);
  const exports = useMemo(() => makeExports(api), [api]);
  const [isOpen, setOpen] = useState(false);
  const code = laterCode.value;
  useLayoutEffect(() => root.current ? onFilterFocus(root.current, () => setOpen(true)) : undefined, []);
  return (
    <section ref={root} class="toolbar" aria-label={texts.filters.region}>
      <button
        type="button"
        class="toolbar-button toolbar-fold"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>{" "}
        {texts.filters.fold(Object.keys(filters).length, describeRange(range, preferences.value.zone))}
      </button>
      <div class={isOpen ? "toolbar-row toolbar-row-open" : "toolbar-row"}>
        <Chips suggestions={suggestions} items={items} />
        <RangeControl />
        <ExportMenu exports={exports} />
      </div>
      {readsWholeRange(filters) && <p class="toolbar-hint">{texts.filters.slow}</p>}
      {code ? <code.Histogram suggestions={suggestions} items={items} /> : <HistogramFrame />}
      <ExportStatus exports={exports} />
    </section>
  );
}
