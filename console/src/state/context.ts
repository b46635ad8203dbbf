import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "../api/client";
import type { Auth } from "../auth/types";
import type { Settings } from "../settings";
import type { Navigation } from "./navigation";
import type { Preferences } from "./preferences";

/** What every view works with. */
export interface Context {
  readonly api: Api;
  readonly navigation: Navigation;
  readonly preferences: Signal<Preferences>;
  readonly settings: Settings;
  /** Present if the reader signs in at a user pool; without it the server signs the requests. */
  readonly auth?: Auth;
}

export const ConsoleContext = createContext<Context | null>(null);

export function useConsole(): Context {
  const context = useContext(ConsoleContext);
  if (context === null) throw new Error("the view is outside of a ConsoleContext");
  return context;
}
