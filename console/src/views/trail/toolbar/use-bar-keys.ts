import { useEffect, useMemo } from "preact/hooks";
import { useStateOf } from "../../../state/state-of";
import { moveSelection, type Selection } from "./bar-keys";
import { mergeBars, type Bar } from "./series";

interface Handlers {
  /** The reader chose the time from `fromMs` to `toMs`, both included. */
  readonly onChoose: (fromMs: number, toMs: number) => void;
  /** The bar to tell the numbers of: several merged into one; null for none. */
  readonly onShow: (bar: Bar | null) => void;
}

/** Lets the keyboard choose bars. `chosen` is what it has chosen, merged into one bar. */
export function useBarKeys(bars: readonly Bar[], { onChoose, onShow }: Handlers) {
  const [selection, setSelection] = useStateOf<Selection>(bars);
  const chosen = useMemo(() => pick(bars, selection), [bars, selection]);
  useEffect(() => {
    if (chosen !== null) onShow(chosen);
  }, [chosen]);
  const clear = () => {
    setSelection(null);
    onShow(null);
  };

  function press({ key, shiftKey }: KeyboardEvent): boolean {
    if (key === "Escape" && selection !== null) {
      clear();
      return true;
    }
    if ((key === "Enter" || key === " ") && chosen !== null) {
      onChoose(chosen.startMs, chosen.endMs - 1);
      return true;
    }
    const next = moveSelection(selection, key, shiftKey, bars.length);
    if (next !== null) setSelection(next);
    return next !== null;
  }

  return {
    chosen,
    /** The position of the bar that the keys are at. */
    position: selection?.focus ?? bars.length - 1,
    onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || !press(event)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    onBlur: clear,
  };
}

function pick(bars: readonly Bar[], selection: Selection | null): Bar | null {
  if (selection === null) return null;
  const { anchor, focus } = selection;
  const chosen = bars.slice(Math.min(anchor, focus), Math.max(anchor, focus) + 1);
  return chosen.length > 0 ? mergeBars(chosen) : null;
}
