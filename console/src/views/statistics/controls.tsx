import { Link } from "../../parts/link";
import { Untrusted } from "../../parts/untrusted";
import { useConsole } from "../../state/context";
import { PRESETS, STATISTICS_FILTERS, type FilterName, type Preset } from "../../state/filters";
import { texts } from "../../texts";
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
      <RangeChoice />
      {STATISTICS_FILTERS.map((name) => {
        const value = known[name];
        return value === undefined ? null : <Chip key={name} name={name} value={value} />;
      })}
      <button type="button" class="button statistics-reload" onClick={onReload}>
        {isLoading ? texts.loading : texts.statistics.reload}
      </button>
      {ignored.length > 0 && (
        <p class="statistics-ignored" role="note">
          {texts.statistics.ignored(ignored.map((name) => texts.statistics.filters[name]))}
        </p>
      )}
    </div>
  );
}

function RangeChoice() {
  const { navigation } = useConsole();
  const { range } = navigation.place.value;
  return (
    <nav class="statistics-ranges" aria-label={texts.statistics.rangeLabel}>
      {(Object.keys(PRESETS) as Preset[]).map((preset) => (
        <Link
          key={preset}
          to={{ range: { kind: "preset", preset } }}
          current={range.kind === "preset" && range.preset === preset}
        >
          {preset}
        </Link>
      ))}
      <Link to={{ range: { kind: "all" } }} current={range.kind === "all"}>
        {texts.statistics.all}
      </Link>
    </nav>
  );
}

function Chip({ name, value }: { name: FilterName; value: string }) {
  const { navigation } = useConsole();
  const { [name]: _, ...others } = navigation.place.value.filters;
  const label = texts.statistics.filters[name];
  return (
    <span class="statistics-chip">
      {label}: <Untrusted text={value} line />
      <button
        type="button"
        aria-label={texts.statistics.removeFilter(label)}
        onClick={() => navigation.go({ filters: others })}
      >
        <span aria-hidden="true">×</span>
      </button>
    </span>
  );
}
