/** `unknown`: the API does not tell, so it is neither fine nor wrong. */
export type State = "fine" | "unknown" | "look" | "wrong";
export type CommandName = "deadLetters" | "doctor";

/** One of the things that a number counts. */
export interface Detail {
  readonly value: string;
  /** In the API's terms. */
  readonly name: string;
  readonly sentence: string;
}

/** What one number says about the system. */
export interface Finding {
  readonly name: string;
  readonly title: string;
  readonly value: string;
  readonly state: State;
  readonly sentence: string;
  /** By which rule it is fine or not. */
  readonly rule: string;
  readonly details?: { readonly title: string; readonly rows: readonly Detail[] };
  /** What the details leave out. */
  readonly note?: string;
  /** What shows more. */
  readonly command?: CommandName;
}
