import type { ReadonlySignal } from "@preact/signals";
import type { GetToken } from "../api/client";

/** `expired`: there was a session, and it could not be renewed. */
export type AuthState = "signedIn" | "signedOut" | "expired";

/** Who is signed in, from the claims of the ID token: to be shown, never to decide by. */
export interface User {
  readonly name: string;
  /** Empty: the token has no tenant. */
  readonly tenantId: string;
}

/** The reader's session with the user pool. */
export interface Auth {
  readonly state: ReadonlySignal<AuthState>;
  /** Null without a session; after one has expired, still who it was. */
  readonly user: ReadonlySignal<User | null>;
  /** Go to the sign-in page, and come back to the address of now. */
  signIn(): void;
  /** End the session, here and at the user pool. */
  signOut(): void;
  readonly getToken: GetToken;
}
