import { describe, expect, it } from "vitest";
import { listPivots } from "../src/views/event/pivots";
import { MASK, readMasks } from "../src/state/masks";

const EVENT = {
  id: "01M8693800S4JW22X9C2F49PPP",
  digest: "00",
  receivedAt: "2026-11-24T08:00:00.000Z",
  eventId: "e",
  timestamp: "2026-11-24T08:00:00.000Z",
  tenantId: "default",
  userId: "u-1",
  action: "user.login",
  resourceType: "user",
  resourceId: "u-1",
  success: true,
  v: 1,
};

describe("masks", () => {
  it("are at the API's pointers", () => {
    const masks = readMasks({ masked: ["/ipAddress", "/details/a~1b"] });
    expect(masks.has("/ipAddress", "203.0.113.0/24")).toBe(true);
    expect(masks.has("/details/a~1b", MASK)).toBe(true);
    expect(masks.has("/details/c", MASK)).toBe(false); // a producer sent this text
    expect(masks.count).toBe(2);
    expect([masks.isIn("details"), masks.isIn("metadata")]).toEqual([true, false]);
  });

  it("are every mask of a field that the API names as a whole", () => {
    const masks = readMasks({ masked: ["/details"] });
    expect(masks.has("/details/a/0", MASK)).toBe(true);
    expect(masks.has("/details/a/0", "open")).toBe(false);
  });

  it("are absent in an event that is shown as it is stored", () => expect(readMasks({}).count).toBe(0));
});

describe("pivots", () => {
  it("lead from the user for whom it was done, and from a whole address only", () => {
    const event = { ...EVENT, ipAddress: "203.0.113.0/24", onBehalfOf: { userId: "u-2" } };
    const list = (masked?: string[]) => listPivots({ ...event, ...(masked && { masked }) }).map(({ name }) => name);
    expect(list(["/ipAddress"])).toEqual(["user", "behalf", "resource"]);
    expect(list()).toEqual(["user", "behalf", "resource", "address"]);
    expect(listPivots(event)[1]?.filters).toEqual({ userId: "u-2" });
  });
});
