import { texts } from "../../texts";

export function StatisticsView() {
  return <h2>{texts.views.statistics}</h2>;
}
