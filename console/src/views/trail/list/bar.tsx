import type { Signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { formatNumber } from "../../../format";
import { useConsole } from "../../../state/context";
import { isOpenRange, WIDE_OVERLAP_MINUTES, type LiveStatus } from "../../../state/live";
import type { Range } from "../../../state/filters";
import type { Trail } from "../../../state/trail";
import { getZoneName } from "../../../parts/instants";
import { texts } from "../../../texts";
import { ColumnsMenu } from "./columns-menu";
import { KeysButton } from "./keys-dialog";

interface Props {
  readonly trail: Trail;
  readonly isLive: Signal<boolean>;
  readonly live: LiveStatus;
  readonly range: Range;
  readonly onShowFresh: () => void;
  readonly keys: { readonly open: () => void };
}

/** What is above the events: how many, what is new, and how they are shown. */
export function ListBar({ trail, isLive, live, range, onShowFresh, keys }: Props) {
  return (
    <div class="list-bar">
      <Count trail={trail} />
      <Fresh trail={trail} onShow={onShowFresh} />
      <span class="list-space" />
      <LiveButton isLive={isLive} live={live} range={range} />
      <button type="button" class="list-button" onClick={() => trail.reload()}>
        {texts.trail.reload}
      </button>
      <TimesSelect />
      <ColumnsMenu />
      <KeysButton open={keys.open} />
    </div>
  );
}

function Count({ trail }: { trail: Trail }) {
  const count = trail.items.value.length;
  const { kind } = trail.status.value;
  if (count === 0 && kind !== "ended") return <span class="list-count" />;
  const name = count === 1 ? texts.trail.count.one : texts.trail.count.other;
  return (
    <span class="list-count">
      <b>{formatNumber(count)}</b> {name} {kind !== "ended" && texts.trail.loadedSoFar}
    </span>
  );
}

function Fresh({ trail, onShow }: { trail: Trail; onShow: () => void }) {
  const count = trail.fresh.value.size;
  return (
    <span role="status">
      {count > 0 && (
        <button type="button" class="list-button list-fresh" onClick={onShow} title={texts.trail.showFresh}>
          <span aria-hidden="true">↑</span> {formatNumber(count)} {texts.trail.fresh}
        </button>
      )}
    </span>
  );
}

function LiveButton({ isLive, live, range }: Pick<Props, "isLive" | "live" | "range">) {
  const isPossible = isOpenRange(range, Date.now());
  const hint = isPossible ? texts.trail.liveHint(WIDE_OVERLAP_MINUTES) : texts.trail.liveNotPossible;
  return (
    <button
      type="button"
      class="list-button list-live"
      aria-pressed={isLive.value && isPossible}
      disabled={!isPossible}
      data-status={live}
      title={hint}
      onClick={() => (isLive.value = !isLive.value)}
    >
      <span class="list-dot" aria-hidden="true" />
      {live === "waiting" ? texts.trail.liveWaiting : texts.trail.live}
    </button>
  );
}

function TimesSelect() {
  const { preferences } = useConsole();
  const { timeStyle, zone } = preferences.value;
  const select = useRef<HTMLSelectElement>(null);
  function choose(): void {
    const value = select.current?.value;
    preferences.value =
      value === "relative"
        ? { ...preferences.value, timeStyle: "relative" }
        : { ...preferences.value, timeStyle: "absolute", zone: value === "utc" ? "utc" : "local" };
  }
  return (
    <select
      ref={select}
      class="list-button"
      aria-label={texts.trail.times}
      value={timeStyle === "relative" ? "relative" : zone}
      onChange={choose}
    >
      <option value="local">{getZoneName("local")}</option>
      {getZoneName("local") !== "UTC" && <option value="utc">{texts.trail.timeStyles.utc}</option>}
      <option value="relative">{texts.trail.timeStyles.relative}</option>
    </select>
  );
}
