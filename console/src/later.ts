/** What is not needed to use the page: one file, which is loaded while the page is rendered. */
import { completeStyle } from "./style/adopt";
import text from "./style/later.css?inline";

export { EventPanel } from "./views/event/event";
export { HealthView } from "./views/health/health";
export { StatisticsView } from "./views/statistics/statistics";
export { ListBar } from "./views/trail/list/bar";
export { KeysDialog } from "./views/trail/list/keys-dialog";
export { Rows } from "./views/trail/list/rows";
export { exportEvents } from "./views/trail/toolbar/export";
export { ExportChoices } from "./views/trail/toolbar/export-choices";
export { FilterForm } from "./views/trail/toolbar/filter-form";
export { Histogram } from "./views/trail/toolbar/histogram";
export { RangeForm } from "./views/trail/toolbar/range-form";
export { openSink } from "./views/trail/toolbar/sinks";

completeStyle(text);
