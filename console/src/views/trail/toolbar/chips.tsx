import type { ReadonlySignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { TrailItem } from "../../../api/types";
import { Untrusted } from "../../../parts/untrusted";
import { useConsole } from "../../../state/context";
import { onFilterFocus } from "../../../state/filter-focus";
import { FILTER_NAMES, type FilterName, type Filters } from "../../../state/filters";
import { texts } from "../../../texts";
import { Disclosure } from "./disclosure";
import { FilterForm } from "./filter-form";
import { findProblem } from "./rules";
import type { SuggestionStore } from "./suggestions";

interface Props {
  readonly suggestions: SuggestionStore;
  readonly items: ReadonlySignal<readonly TrailItem[]>;
}

/** The filters as chips: a click changes one, its button or Backspace removes it. */
export function Chips({ suggestions, items }: Props) {
  const { navigation } = useConsole();
  const { filters } = navigation.place.value;
  const root = useRef<HTMLDivElement>(null);
  const set = (name: FilterName, value: string) => {
    suggestions.use(name, value);
    navigation.go({ filters: { ...filters, [name]: value } });
  };
  const keep = (isKept: (name: FilterName) => boolean) => {
    const entries = Object.entries(filters).filter(([name]) => isKept(name as FilterName));
    navigation.go({ filters: Object.fromEntries(entries) });
    root.current?.querySelector<HTMLElement>(".toolbar-chips-add")?.focus();
  };
  const names = FILTER_NAMES.filter((name) => filters[name] !== undefined);
  return (
    <div ref={root} class="toolbar-chips" role="group" aria-label={texts.filters.label}>
      {names.map((name) => (
        <Chip
          key={name}
          name={name}
          filters={filters}
          suggestions={suggestions}
          onApply={set}
          onRemove={() => keep((each) => each !== name)}
        />
      ))}
      <Disclosure
        title={texts.filters.addTitle}
        buttonTitle={texts.filters.addTitle}
        buttonClass="toolbar-button toolbar-chips-add"
        opener={onFilterFocus}
        onOpen={() => suggestions.see(items.peek())}
        label={
          <>
            <span aria-hidden="true">+</span> {texts.filters.add}
          </>
        }
      >
        {(close) => (
          <FilterForm
            filters={filters}
            suggestions={suggestions}
            onCancel={close}
            onApply={(name, value) => {
              set(name, value);
              close();
            }}
          />
        )}
      </Disclosure>
      {names.length > 1 && (
        <button type="button" class="toolbar-button-quiet" onClick={() => keep(() => false)}>
          {texts.filters.clear}
        </button>
      )}
    </div>
  );
}

interface ChipProps {
  readonly name: FilterName;
  readonly filters: Filters;
  readonly suggestions: SuggestionStore;
  readonly onApply: (name: FilterName, value: string) => void;
  readonly onRemove: () => void;
}

function Chip({ name, filters, suggestions, onApply, onRemove }: ChipProps) {
  const value = filters[name] ?? "";
  const label = texts.filters.names[name];
  const problem = findProblem(name, value);
  return (
    <span class={problem ? "toolbar-chip toolbar-chip-invalid" : "toolbar-chip"}>
      <Disclosure
        title={texts.filters.edit(label)}
        buttonClass="toolbar-chip-edit"
        onRemove={onRemove}
        label={
          <>
            <span class="toolbar-chip-name">{label}</span>{" "}
            <span class="toolbar-chip-value">
              <Untrusted text={formatValue(name, value)} line />
            </span>
            {problem && <span class="toolbar-chip-problem"> ⚠ {texts.filters.notValid}</span>}
          </>
        }
      >
        {(close) => (
          <FilterForm
            name={name}
            filters={filters}
            suggestions={suggestions}
            onCancel={close}
            onApply={(_, next) => {
              onApply(name, next);
              close();
            }}
          />
        )}
      </Disclosure>
      <button type="button" class="toolbar-chip-remove" aria-label={texts.filters.remove(label)} onClick={onRemove}>
        <span aria-hidden="true">×</span>
      </button>
    </span>
  );
}

function formatValue(name: FilterName, value: string): string {
  const outcomes: Readonly<Record<string, string>> = texts.filters.outcomes;
  return name === "success" ? (outcomes[value] ?? value) : value;
}
