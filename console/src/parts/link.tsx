import type { ComponentChildren } from "preact";
import { useConsole } from "../state/context";
import type { Place } from "../state/navigation";

interface Props {
  readonly to: Partial<Place>;
  readonly current?: boolean;
  readonly class?: string;
  /** What the link says to who cannot see it, and to who points at it. */
  readonly label?: string;
  readonly tabIndex?: number;
  readonly children: ComponentChildren;
}

/** A link to a place of the console. A modified click opens it elsewhere, as links do. */
export function Link({ to, current = false, class: className, label, tabIndex, children }: Props) {
  const { navigation } = useConsole();
  return (
    <a
      class={className}
      tabIndex={tabIndex}
      href={navigation.href(to)}
      aria-label={label}
      title={label}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        navigation.go(to);
      }}
    >
      {children}
    </a>
  );
}
