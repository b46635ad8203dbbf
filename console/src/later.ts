/** What a reader sees only after the list: one file, which is loaded when the list is shown. */
export { EventPanel } from "./views/event/event";
export { HealthView } from "./views/health/health";
export { StatisticsView } from "./views/statistics/statistics";
export { drawChart } from "./views/trail/toolbar/chart";
