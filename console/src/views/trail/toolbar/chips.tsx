import type { ReadonlySignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { TrailItem } from "../../../api/types";
import { Chip, ChipText } from "../../../parts/chip";
import { useConsole } from "../../../state/context";
import { onFilterFocus } from "../../../state/filter-focus";
import { FILTER_NAMES, type FilterName, type Filters } from "../../../state/filters";
import type { LaterCode } from "../../../state/later";
import { texts } from "../../../texts";
import { Disclosure } from "./disclosure";
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
  const shared = { filters, suggestions, onApply: set };
  return (
    <div ref={root} class="toolbar-chips" role="group" aria-label={texts.filters.label}>
      {names.map((name) => (
        <FilterChip key={name} name={name} onRemove={() => keep((each) => each !== name)} {...shared} />
      ))}
      <AddFilter onOpen={() => suggestions.see(items.peek())} {...shared} />
      {names.length > 1 && (
        <button type="button" class="toolbar-button-quiet" onClick={() => keep(() => false)}>
          {texts.filters.clear}
        </button>
      )}
    </div>
  );
}

interface FormProps {
  readonly filters: Filters;
  readonly suggestions: SuggestionStore;
  readonly onApply: (name: FilterName, value: string) => void;
}

interface AddProps extends FormProps {
  readonly onOpen: () => void;
}

function AddFilter({ onOpen, ...form }: AddProps) {
  return (
    <Disclosure
      title={texts.filters.addTitle}
      buttonTitle={texts.filters.addTitle}
      buttonClass="toolbar-button toolbar-chips-add"
      opener={onFilterFocus}
      onOpen={onOpen}
      label={
        <>
          <span aria-hidden="true">+</span> {texts.filters.add}
        </>
      }
    >
      {(close, code) => <ClosingForm {...form} code={code} close={close} />}
    </Disclosure>
  );
}

interface ChipProps extends FormProps {
  readonly name: FilterName;
  readonly onRemove: () => void;
}

function FilterChip({ name, onRemove, ...form }: ChipProps) {
  const value = form.filters[name] ?? "";
  const label = texts.filters.names[name];
  const problem = findProblem(name, value);
  return (
    <Chip label={label} isInvalid={problem !== null} onRemove={onRemove}>
      <Disclosure
        title={texts.filters.edit(label)}
        buttonClass="chip-text chip-edit"
        onRemove={onRemove}
        label={
          <>
            <ChipText label={label} value={formatValue(name, value)} />
            {problem && <span class="chip-problem"> ⚠ {texts.filters.notValid}</span>}
          </>
        }
      >
        {(close, code) => <ClosingForm {...form} code={code} name={name} close={close} />}
      </Disclosure>
    </Chip>
  );
}

interface ClosingProps extends FormProps {
  /** The filter to change. Without it, the reader chooses one. */
  readonly name?: FilterName;
  readonly code: LaterCode;
  readonly close: () => void;
}

function ClosingForm({ name, code: { FilterForm }, filters, suggestions, onApply, close }: ClosingProps) {
  return (
    <FilterForm
      {...(name && { name })}
      filters={filters}
      suggestions={suggestions}
      onCancel={close}
      onApply={(chosen, value) => {
        onApply(chosen, value);
        close();
      }}
    />
  );
}

function formatValue(name: FilterName, value: string): string {
  const outcomes: Readonly<Record<string, string>> = texts.filters.outcomes;
  return name === "success" ? (outcomes[value] ?? value) : value;
}
