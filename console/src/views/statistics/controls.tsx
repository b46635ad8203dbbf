import { Chip, ChipText } from "../../parts/chip";
import { useConsole } from "../../state/context";
import { STATISTICS_FILTERS, type FilterName } from "../../state/filters";
import { texts } from "../../texts";
import { RangeControl } from "../trail/toolbar/range";
import { splitFilters } from "./period";

interface Props {
  readonly isLoading: boolean;
  readonly onReload: () => void;
}

/** What is counted: the range, and the filters that the statistics know. */
export function Controls({ isLoading, onReload }: Props) {
  const { navigation } = useConsole();
  const { filters } = navigation.place.value;
  const { known, ignored } = splitFilters(filters);
  return (
    <div class="statistics-controls">
      <RangeControl />
      {STATISTICS_FILTERS.map((name) => {
        const value = known[name];
        return value === undefined ? null : <FilterChip key={name} name={name} value={value} />;
      })}
      <button type="button" class="toolbar-button statistics-reload" onClick={onReload}>
        {isLoading ? texts.loading : texts.statistics.reload}
      </button>
      {ignored.length > 0 && (
        <p class="statistics-ignored" role="note">
          {texts.statistics.ignored(ignored.map((name) => texts.filters.names[name]))}
        </p>
      )}
    </div>
  );
}

function FilterChip({ name, value }: { name: FilterName; value: string }) {
  const { navigation } = useConsole();
  const { [name]: _, ...others } = navigation.place.value.filters;
  const label = texts.filters.names[name];
  return (
    <Chip label={label} onRemove={() => navigation.go({ filters: others })}>
      <span class="chip-text">
        <ChipText label={label} value={value} />
      </span>
    </Chip>
  );
}
