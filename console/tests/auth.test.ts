import { expect, test } from "vitest";
import { makeChallenge, makeSecret } from "../src/auth/pkce";
import { getRedirectUri, keepPending, readResponse, takePending } from "../src/auth/redirect";
import { openAuth } from "../src/auth/session";
import { readUser } from "../src/auth/tokens";
import type { Environment } from "../src/auth/types";
import { makeApi } from "../src/api/client";

const PROVIDER = { domain: "https://pool.example", clientId: "client" };
const PENDING = { state: "s", verifier: "v", search: "?view=health" };

function makeToken(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
}

/** A browser whose user pool returns these responses, one after the other. */
class Browser implements Environment {
  readonly requests: { url: string; form: Record<string, string> }[] = [];
  readonly kept = new Map<string, string>();
  readonly visited: string[] = [];
  readonly timers: { callback: () => void; ms: number }[] = [];
  now = 0;
  location = {
    origin: "https://api.example",
    pathname: "/dev/console",
    search: "",
    assign: (url: string | URL) => void this.visited.push(String(url)),
  };
  history = {
    replaceState: (_data: unknown, _unused: string, url?: string | URL | null) => {
      this.location.search = new URL(String(url), this.location.origin).search;
    },
  };
  storage = {
    getItem: (key: string) => this.kept.get(key) ?? null,
    setItem: (key: string, value: string) => void this.kept.set(key, value),
    removeItem: (key: string) => void this.kept.delete(key),
  };

  constructor(private readonly responses: (Response | Error)[] = []) {}

  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const form = Object.fromEntries(init.body as URLSearchParams) as Record<string, string>;
    this.requests.push({ url, form });
    const response = this.responses.shift() ?? new Error("no response");
    if (response instanceof Error) throw response;
    return response;
  };
  nowMs = () => this.now;
  callLater = (callback: () => void, ms: number) => void this.timers.push({ callback, ms });
}

function respond(token: string, others: object = {}): Response {
  return Response.json({ id_token: token, expires_in: 3600, ...others });
}

async function signIn(responses: (Response | Error)[], search = "?code=c&state=s") {
  const browser = new Browser(responses);
  keepPending(browser.storage, PENDING);
  browser.location.search = search;
  return { browser, auth: await openAuth(PROVIDER, browser) };
}

const FIRST = makeToken({ email: "ada@example.com", "custom:tenantId": "acme", n: 1 });
const SECOND = makeToken({ email: "ada@example.com", n: 2 });

test("the challenge is that of RFC 7636, appendix B", async () => {
  const challenge = await makeChallenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  expect(challenge).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
});

test("a secret has the length and the letters of a verifier", () => {
  expect(makeSecret()).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(makeSecret()).not.toBe(makeSecret());
});

test.each(["/dev/console", "/dev/console/", "/dev/console/index.html"])(
  "the redirect URI of %s is the one that the app client lists",
  (pathname) => {
    const { location } = new Browser();
    expect(getRedirectUri({ ...location, pathname })).toBe("https://api.example/dev/console");
  },
);

test.each([
  ["?view=health", PENDING, { kind: "none" }],
  ["?code=c", PENDING, { kind: "none" }],
  ["?code=c&state=s", PENDING, { kind: "code", code: "c", verifier: "v", search: PENDING.search }],
  ["?error=access_denied&state=s", PENDING, { kind: "problem", problem: "denied", search: PENDING.search }],
  ["?code=c&state=x&action=a", PENDING, { kind: "problem", problem: "foreign", search: "?action=a" }],
  ["?code=c&state=s", null, { kind: "problem", problem: "foreign", search: "" }],
])("the address %s", (search, pending, expected) => {
  expect(readResponse(search, pending)).toEqual(expected);
});

test.each([null, "", "{", "[]", "null", '{"state":1,"verifier":"v","search":""}'])(
  "what is kept for the way back is not believed: %s",
  (text) => {
    const { storage } = new Browser();
    if (text !== null) storage.setItem("prooftrail.signIn", text);
    expect(takePending(storage)).toBeNull();
  },
);

test("names of users are read from the claims", () => {
  expect(readUser(makeToken({ email: "ä@example.com" }))).toEqual({ name: "ä@example.com", tenantId: "" });
  expect(readUser(makeToken({ sub: "u-1", email: 7, "custom:tenantId": "acme" }))).toEqual({
    name: "u-1",
    tenantId: "acme",
  });
  for (const text of ["", "a.b", "a.!.c"]) expect(readUser(text)).toBeNull();
});

test("a code is exchanged once, and the address is as before", async () => {
  const { auth, browser } = await signIn([respond(FIRST, { refresh_token: "r" })]);
  expect(browser.requests).toEqual([
    {
      url: "https://pool.example/oauth2/token",
      form: {
        grant_type: "authorization_code",
        code: "c",
        code_verifier: "v",
        redirect_uri: "https://api.example/dev/console",
        client_id: "client",
      },
    },
  ]);
  expect(browser.location.search).toBe("?view=health");
  expect(auth.state.value).toBe("signedIn");
  expect(auth.user.value).toEqual({ name: "ada@example.com", tenantId: "acme" });
  expect(await auth.getToken()).toBe(FIRST);
  expect([...browser.kept]).toEqual([["prooftrail.isSignedIn", "true"]]);
});

test.each([
  [new Response("{}", { status: 400 }), "denied"],
  [Response.json({ access_token: "a" }), "denied"],
  [new Response("", { status: 503 }), "unreachable"],
  [new TypeError("no network"), "unreachable"],
])("a code that gives no tokens signs nobody in", async (response, problem) => {
  const { auth } = await signIn([response]);
  expect([auth.state.value, auth.problem.value]).toEqual(["signedOut", problem]);
  await expect(auth.getToken()).rejects.toMatchObject({ kind: "signedOut" });
});

test("a code of another tab's sign-in is not sent", async () => {
  const { auth, browser } = await signIn([], "?code=c&state=other");
  expect(browser.requests).toEqual([]);
  expect([auth.problem.value, browser.location.search]).toEqual(["foreign", ""]);
});

test("a token is renewed before it expires, once for all who wait", async () => {
  const { auth, browser } = await signIn([respond(FIRST, { refresh_token: "r" }), respond(SECOND)]);
  browser.now = 3_539_000;
  expect(await auth.getToken()).toBe(FIRST);
  browser.now = 3_540_000;
  expect(await Promise.all([auth.getToken(), auth.getToken()])).toEqual([SECOND, SECOND]);
  expect(browser.requests.slice(1).map(({ form }) => form)).toEqual([
    { grant_type: "refresh_token", refresh_token: "r", client_id: "client" },
  ]);
});

test("a page left open renews by itself, and says when the user pool refuses", async () => {
  const { auth, browser } = await signIn([
    respond(FIRST, { refresh_token: "r" }),
    new Response("{}", { status: 400 }),
  ]);
  const [timer] = browser.timers;
  expect(timer?.ms).toBe(3_540_000);
  browser.now = 3_540_000;
  timer?.callback();
  await expect.poll(() => auth.state.value).toBe("expired");
  expect(auth.user.value?.name).toBe("ada@example.com");
  await expect(auth.getToken()).rejects.toMatchObject({ kind: "signedOut" });
});

test("without a network a token serves until it expires", async () => {
  const offline = () => new TypeError("no network");
  const { auth, browser } = await signIn([
    respond(FIRST, { refresh_token: "r" }),
    offline(),
    offline(),
    respond(SECOND),
  ]);
  browser.now = 3_599_000;
  expect(await auth.getToken()).toBe(FIRST);
  browser.now = 3_600_000;
  await expect(auth.getToken()).rejects.toMatchObject({ kind: "offline" });
  expect(auth.state.value).toBe("signedIn");
  expect(await auth.getToken()).toBe(SECOND);
});

test("without a refresh token the session ends with the token", async () => {
  const { auth, browser } = await signIn([respond(FIRST)]);
  browser.now = 3_599_000;
  expect(await auth.getToken()).toBe(FIRST);
  browser.now = 3_600_000;
  await expect(auth.getToken()).rejects.toMatchObject({ kind: "signedOut" });
  expect(auth.state.value).toBe("expired");
});

test("signing out forgets the tokens, revokes them and leaves for the user pool", async () => {
  const { auth, browser } = await signIn([respond(FIRST, { refresh_token: "r" }), respond(SECOND)]);
  const renewal = auth.getToken(FIRST);
  auth.signOut();
  await expect(renewal).rejects.toMatchObject({ kind: "signedOut" });
  expect([auth.state.value, auth.user.value]).toEqual(["signedOut", null]);
  expect(browser.requests.at(-1)).toEqual({
    url: "https://pool.example/oauth2/revoke",
    form: { token: "r", client_id: "client" },
  });
  expect(browser.visited).toEqual([
    "https://pool.example/logout?client_id=client&logout_uri=https%3A%2F%2Fapi.example%2Fdev%2Fconsole",
  ]);
  expect([...browser.kept]).toEqual([]);
});

test("a reload of a tab that was signed in asks the user pool at once, and only once", async () => {
  const browser = new Browser();
  browser.storage.setItem("prooftrail.isSignedIn", "true");
  browser.location.search = "?view=statistics";
  void openAuth(PROVIDER, browser);
  await expect.poll(() => browser.visited.length).toBe(1);
  const query = new URL(browser.visited[0] ?? "").searchParams;
  expect(query.get("code_challenge_method")).toBe("S256");
  expect(JSON.parse(browser.kept.get("prooftrail.signIn") ?? "")).toMatchObject({
    state: query.get("state"),
    search: "?view=statistics",
  });
  const auth = await openAuth(PROVIDER, browser);
  expect(auth.state.value).toBe("signedOut");
  expect(browser.visited).toHaveLength(1);
});

test("a rejected token is renewed and the request repeated once", async () => {
  const sent: (string | null)[] = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (_url, init) => {
    sent.push(new Headers(init?.headers).get("Authorization"));
    return new Response("{}", { status: 401 });
  };
  try {
    const { auth } = await signIn([respond(FIRST, { refresh_token: "r" }), respond(SECOND)]);
    const api = makeApi("", auth.getToken);
    await expect(api.getMetrics()).rejects.toMatchObject({ kind: "signedOut" });
    expect(sent).toEqual([FIRST, SECOND]);
    await expect(makeApi("").getMetrics()).rejects.toMatchObject({ kind: "signedOut" });
    expect(sent).toEqual([FIRST, SECOND, null]);
  } finally {
    globalThis.fetch = original;
  }
});
