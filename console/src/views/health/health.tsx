import { texts } from "../../texts";

export function HealthView() {
  return <h2>{texts.views.health}</h2>;
}
