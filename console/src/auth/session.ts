import { signal } from "@preact/signals";
import { ApiError } from "../api/client";
import { makeChallenge, makeSecret } from "./pkce";
import {
  getRedirectUri,
  keepPending,
  makeSignInUrl,
  makeSignOutUrl,
  readResponse,
  takePending,
} from "./redirect";
import { GrantError, requestTokens, type Tokens } from "./tokens";
import type { Auth, AuthState, Environment, Provider, SignInProblem, User } from "./types";

/** In the tab's storage while it is signed in, so that a reload asks the user pool at once. */
const SIGNED_IN = "prooftrail.isSignedIn";
const RETRY_MS = 10_000;

export function getBrowser(window: Window): Environment {
  return {
    location: window.location,
    history: window.history,
    storage: window.sessionStorage,
    fetch: (url, init) => fetch(url, init),
    nowMs: () => Date.now(),
    callLater: (callback, ms) => window.setTimeout(callback, ms),
  };
}

/**
 * Open the reader's session: with the code in the page's address if there is one. The address is
 * then as it was before the sign-in. A tab that was signed in before it was reloaded goes to the
 * sign-in page; then the promise never resolves.
 */
export async function openAuth(provider: Provider, environment: Environment): Promise<Auth> {
  const session = new Session(provider, environment);
  await session.open();
  return session;
}

/** Keeps the tokens, in memory alone: nothing else of the page can read a private field. */
class Session implements Auth {
  readonly state = signal<AuthState>("signedOut");
  readonly user = signal<User | null>(null);
  readonly problem = signal<SignInProblem | null>(null);
  #tokens: Tokens | null = null;
  #renewal: Promise<void> | null = null;

  constructor(
    private readonly provider: Provider,
    private readonly environment: Environment,
  ) {}

  async open(): Promise<void> {
    const { history, location, storage } = this.environment;
    const wasSignedIn = takeFlag(storage);
    const response = readResponse(location.search, takePending(storage));
    if (response.kind === "none") {
      if (wasSignedIn && (await this.#leave())) await new Promise(() => {});
      return;
    }
    history.replaceState(null, "", location.pathname + response.search);
    if (response.kind === "problem") this.problem.value = response.problem;
    else await this.#exchange(response.code, response.verifier);
  }

  signIn(): void {
    void this.#leave();
  }

  signOut(): void {
    const { environment, provider } = this;
    const refreshToken = this.#tokens?.refreshToken;
    this.#tokens = null;
    this.state.value = "signedOut";
    this.user.value = null;
    takeFlag(environment.storage);
    if (refreshToken) {
      const body = new URLSearchParams({ token: refreshToken, client_id: provider.clientId });
      const init: RequestInit = { method: "POST", body, keepalive: true, credentials: "omit" };
      environment.fetch(`${provider.domain}/oauth2/revoke`, init).catch(() => {});
    }
    environment.location.assign(makeSignOutUrl(provider, getRedirectUri(environment.location)));
  }

  /** Returns a token that is valid, and another one than `rejected`. */
  getToken = async (rejected?: string): Promise<string> => {
    const { nowMs } = this.environment;
    const isOld = (tokens: Tokens) => nowMs() >= tokens.renewMs || tokens.idToken === rejected;
    if (this.#tokens !== null && isOld(this.#tokens)) await this.#renew();
    const tokens = this.#tokens;
    if (tokens === null || nowMs() >= tokens.expiresMs) {
      throw new ApiError("signedOut", "");
    }
    return tokens.idToken;
  };

  /** Go to the sign-in page. Returns false if this browser cannot. */
  async #leave(): Promise<boolean> {
    const { location, storage } = this.environment;
    const state = makeSecret();
    const verifier = makeSecret();
    try {
      const challenge = await makeChallenge(verifier);
      keepPending(storage, { state, verifier, search: location.search });
      location.assign(makeSignInUrl(this.provider, getRedirectUri(location), state, challenge));
      return true;
    } catch {
      this.problem.value = "unsupported"; // no WebCrypto without HTTPS, or no storage
      return false;
    }
  }

  async #exchange(code: string, verifier: string): Promise<void> {
    const grant = {
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      redirect_uri: getRedirectUri(this.environment.location),
    };
    try {
      this.#use(await requestTokens(this.provider, grant, this.environment));
      this.environment.storage.setItem(SIGNED_IN, "true");
    } catch (error) {
      this.problem.value = error instanceof GrantError ? "denied" : "unreachable";
    }
  }

  /** Renew the tokens; who calls meanwhile waits for the same renewal. Throws ApiError. */
  #renew(): Promise<void> {
    this.#renewal ??= this.#requestRenewal().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #requestRenewal(): Promise<void> {
    const before = this.#tokens;
    if (before === null) return;
    const { expiresMs, refreshToken } = before;
    try {
      if (refreshToken === null) {
        if (this.environment.nowMs() < expiresMs) return;
        throw new GrantError("there is no refresh token");
      }
      const grant = { grant_type: "refresh_token", refresh_token: refreshToken };
      const tokens = await requestTokens(this.provider, grant, this.environment);
      // Who signed out meanwhile stays signed out.
      if (this.#tokens === before) {
        this.#use({ ...tokens, refreshToken: tokens.refreshToken ?? refreshToken });
      }
    } catch (error) {
      if (error instanceof GrantError) this.#expire(before);
      else if (this.environment.nowMs() >= expiresMs) throw error;
    }
  }

  #expire(tokens: Tokens): void {
    if (this.#tokens !== tokens) return;
    this.#tokens = null;
    this.state.value = "expired";
  }

  #use(tokens: Tokens): void {
    this.#tokens = tokens;
    this.state.value = "signedIn";
    this.user.value = tokens.user;
    this.problem.value = null;
    this.#watch(tokens, tokens.renewMs - this.environment.nowMs());
  }

  /** Renew in time also without requests, so that a page left open says when its session ends. */
  #watch(tokens: Tokens, ms: number): void {
    this.environment.callLater(() => {
      if (this.#tokens !== tokens) return;
      this.#renew()
        .catch(() => {})
        .finally(() => this.#watch(tokens, RETRY_MS));
    }, ms);
  }
}

function takeFlag(storage: Environment["storage"]): boolean {
  try {
    const flag = storage.getItem(SIGNED_IN);
    storage.removeItem(SIGNED_IN);
    return flag !== null;
  } catch {
    return false;
  }
}
