import { Segment, Segments } from "../../../parts/segments";
import { useConsole } from "../../../state/context";
import { PRESETS, type Preset, type Range } from "../../../state/filters";
import { texts } from "../../../texts";
import { Disclosure } from "./disclosure";
import { describeRange } from "./labels";

const PRESET_NAMES = Object.keys(PRESETS) as Preset[];

/** The range of time: presets, everything, or two instants. */
export function RangeControl() {
  const { navigation, preferences } = useConsole();
  const { zone } = preferences.value;
  const { range } = navigation.place.value;
  const go = (next: Range) => navigation.go({ range: next });
  return (
    <Segments label={texts.range.label}>
      {PRESET_NAMES.map((preset) => (
        <Segment
          key={preset}
          label={texts.range.longPresets[preset]}
          isChosen={range.kind === "preset" && range.preset === preset}
          onChoose={() => go({ kind: "preset", preset })}
        >
          {texts.range.presets[preset]}
        </Segment>
      ))}
      <Segment label={texts.range.longAll} isChosen={range.kind === "all"} onChoose={() => go({ kind: "all" })}>
        {texts.range.all}
      </Segment>
      <Disclosure
        title={texts.range.customTitle}
        label={range.kind === "fixed" ? describeRange(range, zone) : texts.range.custom}
        pressed={range.kind === "fixed"}
      >
        {(close, { RangeForm }) => (
          <RangeForm
            range={range}
            zone={zone}
            onCancel={close}
            onApply={(next) => {
              go(next);
              close();
            }}
          />
        )}
      </Disclosure>
    </Segments>
  );
}
