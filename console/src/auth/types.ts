import type { ReadonlySignal } from "@preact/signals";
import type { GetToken } from "../api/client";

/** `expired`: there was a session, and the user pool does not renew it. */
export type AuthState = "signedIn" | "signedOut" | "expired";

/** Who is signed in, from the claims of the ID token: to be shown, never to decide by. */
export interface User {
  readonly name: string;
  /** Empty: the token has no tenant. */
  readonly tenantId: string;
}

/**
 * Why a sign-in did not succeed: the user pool or the reader denied it, the response does not
 * belong to a request of this tab, the user pool cannot be reached, or the browser cannot do it.
 */
export type SignInProblem = "denied" | "foreign" | "unreachable" | "unsupported";

/** The reader's session with the user pool. */
export interface Auth {
  readonly state: ReadonlySignal<AuthState>;
  /** Null without a session; after one has expired, still who it was. */
  readonly user: ReadonlySignal<User | null>;
  /** Why the last attempt to sign in did not succeed. */
  readonly problem: ReadonlySignal<SignInProblem | null>;
  /** Go to the sign-in page, and come back to the address of now. */
  signIn(): void;
  /** End the session, here and at the user pool. */
  signOut(): void;
  readonly getToken: GetToken;
}

/** The user pool's sign-in pages, and this page's client at it. */
export interface Provider {
  /** `https://…`, without a slash at the end. */
  readonly domain: string;
  readonly clientId: string;
}

/** What the session needs of a browser. */
export interface Environment {
  readonly location: Pick<Location, "origin" | "pathname" | "search" | "assign">;
  readonly history: Pick<History, "replaceState">;
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly nowMs: () => number;
  readonly callLater: (callback: () => void, ms: number) => void;
}
