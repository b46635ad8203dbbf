import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Later } from "../../../parts/later";
import { laterCode, type LaterCode } from "../../../state/later";

/** Calls a function whenever something asks for it. Returns what ends this. */
type Opener = (element: Element, open: () => void) => () => void;

interface Props {
  readonly label: ComponentChildren;
  /** What the panel is for; also the button's name if `label` does not say it. */
  readonly title: string;
  readonly buttonTitle?: string;
  readonly buttonClass?: string;
  /** What else opens the panel. */
  readonly opener?: Opener;
  readonly onOpen?: () => void;
  readonly pressed?: boolean;
  readonly onRemove?: () => void;
  /** Makes what is in the panel. */
  readonly children: (close: () => void, code: LaterCode) => ComponentChildren;
}

const EDGE = 8;

/** A button with a panel below it. Escape and a click elsewhere close the panel. */
export function Disclosure(props: Props) {
  const { label, title, buttonTitle, buttonClass, pressed, onRemove, children } = props;
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const open = () => {
    props.onOpen?.();
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useOutsideClick(root, isOpen, () => setOpen(false));
  useOpener(root, props.opener, open);
  return (
    <span
      ref={root}
      class="toolbar-disclosure"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        class={buttonClass}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        aria-pressed={pressed}
        aria-label={buttonTitle}
        onClick={() => (isOpen ? setOpen(false) : open())}
        onKeyDown={(event) => {
          if (onRemove && !isOpen && ["Backspace", "Delete"].includes(event.key)) onRemove();
        }}
      >
        {label}
      </button>
      {isOpen && (
        <Panel title={title}>
          <Later>{(code) => children(close, code)}</Later>
        </Panel>
      )}
    </span>
  );
}

interface PanelProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The panel, moved sideways so that it is within the page. Its first field gets the focus. */
function Panel({ title, children }: PanelProps) {
  const isLoaded = laterCode.value !== null;
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (panel.current === null) return;
    moveIntoPage(panel.current);
    panel.current.querySelector<HTMLElement>("input, select, button")?.focus();
  }, [isLoaded]);
  return (
    <div ref={panel} class="toolbar-disclosure-panel" role="dialog" aria-label={title}>
      {children}
    </div>
  );
}

function moveIntoPage(panel: HTMLElement): void {
  panel.style.marginLeft = "";
  const { left, right } = panel.getBoundingClientRect();
  const width = panel.ownerDocument.documentElement.clientWidth;
  const shift = Math.max(EDGE - left, Math.min(0, width - EDGE - right));
  panel.style.marginLeft = `${shift}px`;
}

type Root = { readonly current: HTMLElement | null };

function useOutsideClick(root: Root, isActive: boolean, onClick: () => void) {
  useLayoutEffect(() => {
    const element = root.current;
    if (!isActive || element === null) return undefined;
    const host = element.getRootNode();
    const handle = (event: Event) => {
      if (event.target instanceof Node && !element.contains(event.target)) onClick();
    };
    host.addEventListener("pointerdown", handle);
    return () => host.removeEventListener("pointerdown", handle);
  }, [isActive]);
}

function useOpener(root: Root, opener: Opener | undefined, open: () => void) {
  useLayoutEffect(() => {
    if (opener === undefined || root.current === null) return undefined;
    return opener(root.current, open);
  }, [opener]);
}
