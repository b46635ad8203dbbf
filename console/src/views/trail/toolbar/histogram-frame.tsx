import { texts } from "../../../texts";

/** A placeholder for the histogram, until its code is loaded. */
export function HistogramFrame() {
  return (
    <section class="toolbar-histogram" aria-label={texts.histogram.label} aria-busy="true">
      <p class="toolbar-histogram-legend">{texts.histogram.loading}</p>
      <div class="toolbar-histogram-canvas" aria-hidden="true" />
    </section>
  );
}
