import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { findCommand, readKeyPress, type Command } from "./keys";

/**
 * Calls `run` for the keys pressed in the document or shadow tree of `element`, except in fields,
 * dialogs and menus. `run` returns whether it did something.
 */
export function useCommands(
  element: RefObject<HTMLElement | null>,
  hasLetterKeys: boolean,
  run: (command: Command) => boolean,
): void {
  const latest = useRef({ hasLetterKeys, run });
  latest.current = { hasLetterKeys, run };
  useLayoutEffect(() => {
    const root = element.current?.getRootNode() as Document | ShadowRoot | undefined;
    if (!root) return;
    function onKey(event: Event): void {
      if (!(event instanceof KeyboardEvent) || event.defaultPrevented || event.isComposing) return;
      const command = findCommand(readKeyPress(event, latest.current.hasLetterKeys));
      // An open dialog or menu takes Escape and has the letters to itself.
      if (command === null || root?.querySelector("dialog[open], :popover-open")) return;
      if (latest.current.run(command)) event.preventDefault();
    }
    root.addEventListener("keydown", onKey);
    return () => root.removeEventListener("keydown", onKey);
  }, []);
}
