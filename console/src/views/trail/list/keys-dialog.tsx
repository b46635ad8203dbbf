import type { RefObject } from "preact";
import { useId } from "preact/hooks";
import { useConsole } from "../../../state/context";
import { texts } from "../../../texts";

export function KeysButton({ open }: { open: () => void }) {
  return (
    <button type="button" class="list-button" aria-label={texts.trail.keys.open} title={texts.trail.keys.open} onClick={open}>
      ?
    </button>
  );
}

/** The list of keys. Single letters can be turned off, for readers whose tools send letters. */
export function KeysDialog({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const { preferences } = useConsole();
  const id = useId();
  const { keys } = texts.trail;
  return (
    <dialog ref={dialog} class="list-keys" aria-labelledby={id}>
      <h2 id={id}>{keys.title}</h2>
      <dl>
        {keys.list.map(([key, effect]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input
          type="checkbox"
          checked={preferences.value.hasLetterKeys}
          onChange={(event) => {
            preferences.value = { ...preferences.value, hasLetterKeys: event.currentTarget.checked };
          }}
        />{" "}
        {keys.enabled}
      </label>
      <button type="button" class="button" onClick={() => dialog.current?.close()}>
        {keys.close}
      </button>
    </dialog>
  );
}
