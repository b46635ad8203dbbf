import { useId, useRef } from "preact/hooks";
import { useConsole } from "../../../state/context";
import { texts } from "../../../texts";
import { COLUMN_NAMES, readColumns, type ColumnName } from "./columns";

/** Returns the columns with one of them moved by a number of places. */
export function moveColumn(
  columns: readonly ColumnName[],
  name: ColumnName,
  by: number,
): readonly ColumnName[] {
  const rest = columns.filter((each) => each !== name);
  const to = Math.min(Math.max(columns.indexOf(name) + by, 0), rest.length);
  return [...rest.slice(0, to), name, ...rest.slice(to)];
}

/** A button, and the menu that chooses and orders the columns. */
export function ColumnsMenu() {
  const { preferences } = useConsole();
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const columns = readColumns(preferences.value.columns);
  const names = [...columns, ...COLUMN_NAMES.filter((name) => !columns.includes(name))];
  const choose = (chosen: readonly ColumnName[]) => {
    preferences.value = { ...preferences.value, columns: chosen };
  };
  return (
    <>
      <button ref={button} type="button" class="list-button" popovertarget={id}>
        {texts.trail.chooseColumns}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="group"
        class="list-menu"
        aria-label={texts.trail.chooseColumns}
        onBeforeToggle={() => placeBelow(menu.current, button.current)}
      >
        {names.map((name) => (
          <Choice key={name} name={name} columns={columns} choose={choose} />
        ))}
      </div>
    </>
  );
}

/** The top layer has no parent to be placed by: place it where the button is now. */
function placeBelow(menu: HTMLElement | null, button: HTMLElement | null): void {
  if (!menu || !button) return;
  const { bottom, right } = button.getBoundingClientRect();
  const width = button.ownerDocument.documentElement.clientWidth;
  menu.style.top = `${bottom + 4}px`;
  menu.style.right = `${Math.max(8, width - right)}px`;
}

interface ChoiceProps {
  readonly name: ColumnName;
  readonly columns: readonly ColumnName[];
  readonly choose: (columns: readonly ColumnName[]) => void;
}

function Choice({ name, columns, choose }: ChoiceProps) {
  const label = texts.trail.columns[name];
  const place = columns.indexOf(name);
  const isChosen = place >= 0;
  const isOnly = isChosen && columns.length === 1;
  const toggle = () => choose(isChosen ? columns.filter((each) => each !== name) : [...columns, name]);
  return (
    <div class="list-choice">
      <label>
        <input type="checkbox" checked={isChosen} disabled={isOnly} onChange={toggle} /> {label}
      </label>
      {isChosen && (
        <>
          <button
            type="button"
            aria-label={texts.trail.moveUp(label)}
            disabled={place === 0}
            onClick={() => choose(moveColumn(columns, name, -1))}
          >
            ↑
          </button>
          <button
            type="button"
            aria-label={texts.trail.moveDown(label)}
            disabled={place === columns.length - 1}
            onClick={() => choose(moveColumn(columns, name, 1))}
          >
            ↓
          </button>
        </>
      )}
    </div>
  );
}
