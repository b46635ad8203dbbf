import { ApiError } from "../api/client";
import type { Environment, Provider, User } from "./types";

export interface Tokens {
  readonly idToken: string;
  readonly refreshToken: string | null;
  /** By this page's clock. */
  readonly expiresMs: number;
  /** From when on the ID token is to be renewed. */
  readonly renewMs: number;
  readonly user: User;
}

/** The user pool gives no tokens for this code or refresh token. */
export class GrantError extends Error {}

const MAX_RENEWAL_MS = 60_000; // before the token expires
const RENEWAL_SHARE = 0.25; // of a life that is shorter

/**
 * Return tokens from the user pool's token endpoint (RFC 6749, 4.1.3 and 6).
 *
 * Throws GrantError if it refuses, ApiError if it does not respond.
 */
export async function requestTokens(
  { domain, clientId }: Provider,
  grant: Readonly<Record<string, string>>,
  environment: Pick<Environment, "fetch" | "nowMs">,
): Promise<Tokens> {
  const askedMs = environment.nowMs();
  let response: Response;
  try {
    response = await environment.fetch(`${domain}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({ ...grant, client_id: clientId }),
      cache: "no-store",
      credentials: "omit",
    });
  } catch (error) {
    throw new ApiError("offline", error instanceof Error ? error.message : String(error));
  }
  if (response.status === 400 || response.status === 401) {
    throw new GrantError("the user pool refuses");
  }
  if (!response.ok) throw new ApiError("unavailable", `the user pool returned ${response.status}`);
  const tokens = readTokens(await response.json().catch(() => null), askedMs);
  if (tokens === null) throw new GrantError("the user pool returned no ID token");
  return tokens;
}

function readTokens(body: unknown, askedMs: number): Tokens | null {
  if (typeof body !== "object" || body === null) return null;
  const { id_token: idToken, refresh_token, expires_in } = body as Record<string, unknown>;
  const lifeMs = Number(expires_in) * 1_000;
  if (typeof idToken !== "string" || !(lifeMs > 0)) return null;
  const user = readUser(idToken);
  if (user === null) return null;
  const expiresMs = askedMs + lifeMs;
  return {
    idToken,
    refreshToken: typeof refresh_token === "string" ? refresh_token : null,
    expiresMs,
    renewMs: expiresMs - Math.min(MAX_RENEWAL_MS, lifeMs * RENEWAL_SHARE),
    user,
  };
}

/** Returns who an ID token is of, or null if it is not a JWT. Its signature is the API's to check. */
export function readUser(idToken: string): User | null {
  const payload = idToken.split(".")[1] ?? "";
  try {
    const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const find = (...names: string[]) =>
      names.map((name) => claims[name]).find((value) => typeof value === "string" && value !== "");
    return {
      name: String(find("email", "cognito:username", "sub") ?? ""),
      tenantId: String(find("custom:tenantId") ?? ""),
    };
  } catch {
    return null;
  }
}
