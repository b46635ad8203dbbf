import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Zone } from "../../../parts/instants";
import { DEFAULT_RANGE, PRESETS, type Preset, type Range } from "../../../state/filters";
import { texts } from "../../../texts";
import { FormButtons } from "./form-buttons";
import { describeZone } from "./labels";
import { getBounds, readPicker, toLocal } from "./picker";

interface Props {
  readonly range: Range;
  readonly zone: Zone;
  readonly onApply: (range: Range) => void;
  readonly onCancel: () => void;
}

/** Two instants, in the reader's zone. */
export function RangeForm({ range, zone, onApply, onCancel }: Props) {
  const preset = range.kind === "preset" ? range.preset : (DEFAULT_RANGE as { preset: Preset }).preset;
  const { startMs, endMs } = getBounds(range, PRESETS[preset], Date.now());
  const start = useSignal(toLocal(startMs, zone));
  const end = useSignal(toLocal(endMs, zone));
  const problem = useSignal<"missing" | "reversed" | null>(null);
  const id = useId();
  const apply = (event: Event) => {
    event.preventDefault();
    const next = readPicker(start.value, end.value, zone);
    if (typeof next === "string") problem.value = next;
    else onApply(next);
  };
  return (
    <form class="toolbar-form" onSubmit={apply} noValidate>
      <label for={`${id}-from`}>{texts.range.from}</label>
      <input
        id={`${id}-from`}
        type="datetime-local"
        value={start.value}
        onInput={(event) => (start.value = event.currentTarget.value)}
      />
      <label for={`${id}-to`}>{texts.range.to}</label>
      <input
        id={`${id}-to`}
        type="datetime-local"
        value={end.value}
        aria-invalid={problem.value !== null}
        aria-describedby={`${id}-hint`}
        onInput={(event) => (end.value = event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class={problem.value ? "toolbar-form-problem" : "toolbar-form-hint"} aria-live="polite">
        {problem.value ? `⚠ ${texts.range[problem.value]}` : texts.range.zone(describeZone(zone))}
      </p>
      <FormButtons onCancel={onCancel} />
    </form>
  );
}
