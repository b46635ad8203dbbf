import type { Environment, Provider, SignInProblem } from "./types";

/** What this tab has to know when the sign-in page sends the reader back. */
export interface Pending {
  readonly state: string;
  readonly verifier: string;
  /** The query string of the address to come back to. */
  readonly search: string;
}

/** What the page's address holds of a sign-in; `search` is the query string to come back to. */
export type SignInResponse =
  | { readonly kind: "none" }
  | { readonly kind: "code"; readonly code: string; readonly verifier: string; readonly search: string }
  | { readonly kind: "problem"; readonly problem: SignInProblem; readonly search: string };

const KEY = "prooftrail.signIn";
const PARAMETERS = ["code", "state", "error", "error_description"] as const;

/** Returns the page's own address, in the one form that the user pool's app client lists. */
export function getRedirectUri({ origin, pathname }: Environment["location"]): string {
  return origin + pathname.replace(/\/(index\.html)?$/, "");
}

/** Returns the address that asks the reader to sign in (RFC 6749, 4.1.1; RFC 7636, 4.3). */
export function makeSignInUrl(
  { domain, clientId }: Provider,
  redirectUri: string,
  state: string,
  challenge: string,
): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "openid",
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  return `${domain}/oauth2/authorize?${query}`;
}

export function makeSignOutUrl({ domain, clientId }: Provider, redirectUri: string): string {
  const query = new URLSearchParams({ client_id: clientId, logout_uri: redirectUri });
  return `${domain}/logout?${query}`;
}

export function keepPending(storage: Environment["storage"], pending: Pending): void {
  storage.setItem(KEY, JSON.stringify(pending));
}

/** Returns what was kept for the way back, and removes it: a code is used once. */
export function takePending(storage: Environment["storage"]): Pending | null {
  try {
    const text = storage.getItem(KEY);
    storage.removeItem(KEY);
    const kept: unknown = JSON.parse(text ?? "null");
    return isPending(kept) ? kept : null;
  } catch {
    return null; // no storage, or what is in it is not ours
  }
}

function isPending(value: unknown): value is Pending {
  if (typeof value !== "object" || value === null) return false;
  const { state, verifier, search } = value as Partial<Record<keyof Pending, unknown>>;
  return typeof state === "string" && typeof verifier === "string" && typeof search === "string";
}

/** Returns what an address says of a sign-in that this tab began with `pending`. */
export function readResponse(search: string, pending: Pending | null): SignInResponse {
  const query = new URLSearchParams(search);
  const code = query.get("code");
  const state = query.get("state");
  if (state === null || (code === null && query.get("error") === null)) return { kind: "none" };
  if (pending === null || state !== pending.state) {
    return { kind: "problem", problem: "foreign", search: removeResponse(query) };
  }
  if (code === null) return { kind: "problem", problem: "denied", search: pending.search };
  return { kind: "code", code, verifier: pending.verifier, search: pending.search };
}

function removeResponse(query: URLSearchParams): string {
  for (const name of PARAMETERS) query.delete(name);
  const text = query.toString();
  return text && `?${text}`;
}
