import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { FILTER_NAMES, type FilterName, type Filters } from "../../../state/filters";
import { texts } from "../../../texts";
import { FormButtons } from "./form-buttons";
import { findProblem } from "./rules";
import type { SuggestionStore } from "./suggestions";

interface Props {
  /** The filter to change; absent to add one. */
  readonly name?: FilterName;
  readonly filters: Filters;
  readonly suggestions: SuggestionStore;
  readonly onApply: (name: FilterName, value: string) => void;
  readonly onCancel: () => void;
}

/** A field and a value. What the API would refuse is told here, and not sent. */
export function FilterForm({ name: given, filters, suggestions, onApply, onCancel }: Props) {
  const name = useSignal<FilterName>(given ?? FILTER_NAMES.find((each) => !filters[each]) ?? "userId");
  const value = useSignal(filters[name.value] ?? "");
  const isChecked = useSignal(false);
  const id = useId();
  const problem = isChecked.value ? findProblem(name.value, value.value) : null;
  const apply = (event: Event) => {
    event.preventDefault();
    isChecked.value = true;
    if (findProblem(name.value, value.value) === null) onApply(name.value, value.value);
  };
  const choose = (next: FilterName) => {
    name.value = next;
    value.value = filters[next] ?? (next === "success" ? "false" : "");
    isChecked.value = false;
  };
  return (
    <form class="toolbar-form" onSubmit={apply} noValidate>
      {given === undefined && <FieldSelect id={`${id}-field`} name={name.value} onChange={choose} />}
      <label for={`${id}-value`}>{given ? texts.filters.names[given] : texts.filters.value}</label>
      <ValueInput
        id={`${id}-value`}
        name={name.value}
        value={value.value}
        options={suggestions.known.value[name.value] ?? []}
        describedBy={`${id}-hint`}
        isInvalid={problem !== null}
        onChange={(next) => (value.value = next)}
      />
      <p id={`${id}-hint`} class={problem ? "toolbar-form-problem" : "toolbar-form-hint"} aria-live="polite">
        {problem ? `⚠ ${texts.filters.problems[problem]}` : texts.filters.hints[name.value]}
      </p>
      <FormButtons onCancel={onCancel} />
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly name: FilterName;
  readonly onChange: (name: FilterName) => void;
}

function FieldSelect({ id, name, onChange }: FieldProps) {
  return (
    <>
      <label for={id}>{texts.filters.field}</label>
      <select id={id} value={name} onChange={(event) => onChange(event.currentTarget.value as FilterName)}>
        {FILTER_NAMES.map((each) => (
          <option key={each} value={each}>
            {texts.filters.names[each]}
          </option>
        ))}
      </select>
    </>
  );
}

interface ValueProps {
  readonly id: string;
  readonly name: FilterName;
  readonly value: string;
  readonly options: readonly string[];
  readonly describedBy: string;
  readonly isInvalid: boolean;
  readonly onChange: (value: string) => void;
}

function ValueInput({ id, name, value, options, describedBy, isInvalid, onChange }: ValueProps) {
  const common = { id, value, "aria-describedby": describedBy, "aria-invalid": isInvalid };
  if (name === "success") {
    return (
      <select {...common} onChange={(event) => onChange(event.currentTarget.value)}>
        {(["false", "true"] as const).map((each) => (
          <option key={each} value={each}>
            {texts.filters.outcomes[each]}
          </option>
        ))}
      </select>
    );
  }
  return (
    <>
      <input
        {...common}
        type="text"
        list={`${id}-options`}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={`${id}-options`}>
        {options.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </>
  );
}
