/** What the server of the page tells it, in the `prooftrail-settings` element of index.html. */
export interface Settings {
  /** Address of the API, without a slash at the end: `https://…/dev`. Empty: the page's own host. */
  readonly api: string;
  /** Sign-in at a user pool's hosted page; without it the server signs the requests. */
  readonly signIn?: { readonly domain: string; readonly clientId: string };
  /** The stack's name, for commands that a reader can copy. */
  readonly stack?: string;
  /** Tells apart the logs that one address shows after each other: `make dev` begins with a new one. */
  readonly log?: string;
}

export function readSettings(document: Document): Settings {
  const element = document.querySelector<HTMLMetaElement>('meta[name="prooftrail-settings"]');
  const given = JSON.parse(element?.content || "{}") as Partial<Settings>;
  return { ...given, api: given.api ?? "" };
}
