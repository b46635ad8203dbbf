import type { Consistency, EventPage, Log, Metrics, Statistics, StoredEvent } from "./types";

/** Why a request failed, as far as a reader can do something about it. */
export type FailureKind =
  | "offline"
  | "signedOut"
  | "forbidden"
  | "throttled"
  | "invalid"
  | "notFound"
  | "unavailable"
  | "failed";

/** A request that failed. `message` is the server's own text, or the browser's. */
export class ApiError extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** Seconds to wait before the next attempt, if the server said so. */
    readonly retryAfter: number | null = null,
    /** The API's own code of the error: `not_published`. */
    readonly code: string | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The API's routes. Each rejects with `ApiError`, or with the signal's reason. */
export interface Api {
  listEvents(query: Query, signal?: AbortSignal): Promise<EventPage>;
  getEvent(id: string, query: Query, signal?: AbortSignal): Promise<StoredEvent>;
  /** The event as it is stored, with its personal data: a right of its own. */
  getUnmaskedEvent(id: string, query: Query, signal?: AbortSignal): Promise<StoredEvent>;
  /** A `Bundle` as text, so that its bytes can be verified. It shows personal data. */
  getBundle(id: string, query: Query, signal?: AbortSignal): Promise<string>;
  getStatistics(query: Query, signal?: AbortSignal): Promise<Statistics>;
  getMetrics(signal?: AbortSignal): Promise<Metrics>;
  getLog(signal?: AbortSignal): Promise<Log>;
  /** The published checkpoint: a signed note. */
  getCheckpoint(signal?: AbortSignal): Promise<string>;
  /** The proof that the log of one checkpoint is the beginning of another's. */
  getConsistency(query: Query, signal?: AbortSignal): Promise<Consistency>;
  /** The address of a request, for a reader to copy. */
  getAddress(path: string, query: Query): string;
}

/**
 * Returns the token to send, or null if the server signs the requests. After the API has rejected
 * a token, returns another one if there is one. Throws ApiError without a session.
 */
export type GetToken = (rejected?: string) => Promise<string | null>;

const getNoToken: GetToken = async () => null;

/** `base`: the address before `/audit-logs`. */
export function makeApi(base: string, getToken: GetToken = getNoToken): Api {
  const requests = new Requests(base, getToken);
  return {
    listEvents: (query, signal) => requests.getJson("", query, signal),
    getEvent: (id, query, signal) => requests.getJson(makePath(id), query, signal),
    getUnmaskedEvent: (id, query, signal) => requests.getJson(`${makePath(id)}/unmasked`, query, signal),
    getBundle: (id, query, signal) => requests.getText(`${makePath(id)}/proof/unmasked`, query, signal),
    getStatistics: (query, signal) => requests.getJson("/stats", query, signal),
    getMetrics: (signal) => requests.getJson("/metrics", {}, signal),
    getLog: (signal) => requests.getJson("/log", {}, signal),
    getCheckpoint: (signal) => requests.getText("/checkpoint", {}, signal),
    getConsistency: (query, signal) => requests.getJson("/log/consistency", query, signal),
    getAddress: (path, query) => requests.getAddress(path, query),
  };
}

const makePath = (id: string) => `/${encodeURIComponent(id)}`;

/** Sends GET requests, each with the token of the moment. */
class Requests {
  constructor(
    private readonly base: string,
    private readonly getToken: GetToken,
  ) {}

  getAddress(path: string, query: Query): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return `${this.base}/audit-logs${path}${given.length ? `?${text}` : ""}`;
  }

  async get(path: string, query: Query, signal?: AbortSignal): Promise<Response> {
    const address = this.getAddress(path, query);
    const token = await this.getToken();
    let response = await send(address, token, signal);
    if (response.status === 401 && token !== null) {
      const renewed = await this.getToken(token);
      if (renewed !== token) response = await send(address, renewed, signal);
    }
    if (!response.ok) throw await readError(response);
    return response;
  }

  async getText(path: string, query: Query, signal?: AbortSignal): Promise<string> {
    return (await this.get(path, query, signal)).text();
  }

  async getJson<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
    const response = await this.get(path, query, signal);
    try {
      return (await response.json()) as T;
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError("failed", "the response is not JSON");
    }
  }
}

async function send(address: string, token: string | null, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, {
      headers: token === null ? {} : { Authorization: token },
      cache: "no-store",
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("offline", error instanceof Error ? error.message : String(error));
  }
}

const KINDS: Readonly<Record<number, FailureKind>> = {
  400: "invalid",
  401: "signedOut",
  403: "forbidden",
  404: "notFound",
  429: "throttled",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

async function readError(response: Response): Promise<ApiError> {
  let message = `${response.status} ${response.statusText}`.trim();
  let code: string | null = null;
  try {
    const body: unknown = await response.json();
    message = findMessage(body) ?? message;
    code = findCode(body);
  } catch {
    // The body is not JSON: a proxy's page says no more than the status.
  }
  const seconds = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  return new ApiError(KINDS[response.status] ?? "failed", message, retryAfter, code);
}

function findCode(body: unknown): string | null {
  const { error } = (body ?? {}) as { error?: { code?: unknown } };
  return typeof error?.code === "string" ? error.code : null;
}

/** Returns the text in an error of this API, or of API Gateway. */
function findMessage(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  const { error, message } = body as { error?: { message?: unknown }; message?: unknown };
  if (typeof error?.message === "string") return error.message;
  return typeof message === "string" ? message : null;
}
