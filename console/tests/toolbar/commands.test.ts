import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { makeCurl, makeQueryCommand, quoteForShell } from "../../src/views/trail/toolbar/commands";

/** What bash makes of the words. */
function readWords(command: string): string[] {
  const environment = { ...process.env, LC_ALL: "C.UTF-8" };
  const output = execFileSync("bash", ["-c", `printf '%s\\0' ${command}`], { env: environment });
  return output.toString().split("\0").slice(0, -1);
}

describe("a word for the shell", () => {
  it.each([
    ..."plain|it's|$(id)|`id`|a b|*|~|!x|a=b|;rm|\"q\"|\\|\\'|=x|ü 😀".split("|"),
    "line\nbreak",
    "\u001b[2Jcleared",
    "it's\u202e\tright to left\\",
    "",
  ])("%j is one word with this value", (text) => {
    expect(readWords(quoteForShell(text))).toEqual([text]);
  });

  it("has no character that a terminal obeys", () => {
    expect(quoteForShell("a\u001b\n\u202eb")).toBe("$'a\\U0000001b\\U0000000a\\U0000202eb'");
  });
});

describe("commands", () => {
  it("requests an address, with a token if it is needed", () => {
    const address = "https://api.example/audit-logs?action=user.*&userId=it%27s";
    expect(readWords(makeCurl(address, false))).toEqual(["curl", address]);
    expect(makeCurl(address, true)).toContain('-H "Authorization: $TOKEN"');
  });

  it("has an option for every filter", () => {
    const command = makeQueryCommand({
      tenantId: "acme",
      filters: {
        ...{ userId: "-u", action: "user.*", resourceType: "order", resourceId: "4 7", success: "false" },
        ...{ requestId: "r", sessionId: "it's", ipAddress: "::1", actorType: "agent", traceId: "0a" },
      },
      range: { kind: "fixed", start: "2026-11-24T00:00:00.000Z", end: "2026-11-25T00:00:00.000Z" },
      stack: "audit-log",
    });
    expect(readWords(command)).toEqual([
      ...["prooftrail", "query", "--tenant=acme", "--user=-u", "--action=user.*"],
      ...["--resource-type=order", "--resource-id=4 7", "--actor-type=agent", "--request-id=r"],
      ...["--session-id=it's", "--trace-id=0a", "--ip-address=::1", "--failure", "--since=2026-11-24T00:00:00.000Z"],
      ...["--until=2026-11-24T23:59:59.999Z", "--all", "--stack=audit-log"],
    ]);
  });

  it("has nothing that is not asked for", () => {
    const all = { tenantId: "", filters: {}, range: { kind: "all" } } as const;
    expect(makeQueryCommand(all)).toBe("prooftrail query --all");
    const day = { ...all, range: { kind: "preset", preset: "24h" } } as const;
    expect(makeQueryCommand(day)).toBe("prooftrail query --since=24h --all");
  });
});
