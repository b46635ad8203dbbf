/** What a browser keeps of a log. */
import { describe, expect, it, test } from "vitest";
import type { Api } from "../../src/api/client";
import { prove } from "../../src/state/proof";
import { nameLog, TrustStore } from "../../src/state/trust";
import { vectors, verifyVector } from "./support";

/** A storage of a browser; `limit` is how many characters a value may have. */
function makeStorage(limit = 10_000): Storage {
  const kept = new Map<string, string>();
  const storage: Storage = {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    removeItem: (name) => void kept.delete(name),
    setItem: (name, value) => {
      if (value.length > limit) throw new DOMException("full", "QuotaExceededError");
      kept.set(name, value);
    },
  };
  return storage;
}

const NOTHING = { pinned: null, seen: null, witnesses: [] };

describe("a trust store", () => {
  it("keeps the key and the newest checkpoint of each address", async () => {
    const storage = makeStorage();
    const store = new TrustStore(storage, "https://a");
    expect(store.read()).toEqual({ trust: NOTHING, problem: null });
    expect(store.pin(vectors.key)).toBe(true);
    expect(store.see(await verifyVector("v2"))).toBe(true);
    const seen = { key: vectors.key, note: vectors.bundles.v2.note };
    expect(new TrustStore(storage, "https://a").read().trust).toEqual({ ...NOTHING, pinned: vectors.key, seen });
    expect(new TrustStore(storage, "https://b").read().trust.pinned).toBeNull();
    store.see(await verifyVector("cosigned")); // of the same size: the first is kept
    expect(store.read().trust.seen).toEqual(seen);
    store.unpin();
    expect(store.read().trust).toEqual({ ...NOTHING, seen });
    store.pin(vectors.otherKey);
    expect(store.read().trust).toEqual({ ...NOTHING, pinned: vectors.otherKey });
    store.forget();
    expect(store.read().trust).toEqual(NOTHING);
  });

  it("keeps the keys of witnesses, whatever else changes", async () => {
    const store = new TrustStore(makeStorage(), "");
    expect(store.pinWitness("a")).toBe(true);
    store.pinWitness("b");
    store.pinWitness("a");
    store.pin(vectors.key);
    store.see(await verifyVector("v2"));
    store.unpin();
    expect(store.read().trust.witnesses).toEqual(["a", "b"]);
    store.unpinWitness("a");
    expect(store.read().trust.witnesses).toEqual(["b"]);
    store.forget();
    expect(store.read().trust).toEqual(NOTHING);
  });

  it("reads what an earlier version kept", () => {
    const storage = makeStorage();
    storage.setItem("prooftrail.trust ", JSON.stringify({ pinned: vectors.key, seen: null }));
    const { trust, problem } = new TrustStore(storage, "").read();
    expect([trust, problem]).toEqual([{ ...NOTHING, pinned: vectors.key }, null]);
  });

  it("keeps nothing that is not verified", async () => {
    const store = new TrustStore(makeStorage(), "");
    store.see(await verifyVector("v2", { key: vectors.otherKey }));
    store.see(await verifyVector("otherKey"));
    store.pin(vectors.otherKey); // in another tab, during the verification
    store.see(await verifyVector("v2"));
    expect(store.read().trust.seen).toBeNull();
  });

  it("says that a storage is full or forbidden", async () => {
    const full = new TrustStore(makeStorage(10), "");
    expect(full.pin(vectors.key)).toBe(false);
    expect(full.see(await verifyVector("v2"))).toBe(false);
    const none = new TrustStore(null, "");
    expect(none.read().problem).toBe("storageRefused");
    expect(none.pin(vectors.key)).toBe(false);
    const forbidden = makeStorage();
    forbidden.getItem = () => {
      throw new DOMException("forbidden", "SecurityError");
    };
    expect(new TrustStore(forbidden, "").read().problem).toBe("storageRefused");
  });

  it.each(["", "{", "7", "null", "{}", '{"pinned":7,"seen":null}', '{"pinned":null,"seen":{}}', '{"pinned":null,"seen":null,"witnesses":[7]}'])(
    "says that what it kept is damaged: %j",
    (text) => {
      const storage = makeStorage();
      storage.setItem("prooftrail.trust ", text);
      const store = new TrustStore(storage, "");
      expect(store.read().problem).toBe("storageDamaged");
      expect([store.pinWitness("a"), store.unpinWitness("a")]).toEqual([false, false]);
      expect(store.read().problem).toBe("storageDamaged"); // until the reader forgets it
    },
  );
});

test("stacks with one name, at one address after each other, have logs of their own", () => {
  const names = ["https://a", "https://b"].map((log) => nameLog({ api: "", stack: "audit", log }, "http://here"));
  expect(new Set(names).size).toBe(2);
  expect(nameLog({ api: "/dev", stack: "audit" }, "http://here")).toBe("/dev audit");
});

test("a checkpoint that another tab sees meanwhile does not contradict the log", async () => {
  const { id, text } = vectors.bundles.v2;
  const storage = makeStorage();
  const later = { key: vectors.key, note: vectors.bundles.v2.note.replace("\n7\n", "\n8\n") };
  const api = {
    getBundle: async () => {
      storage.setItem("prooftrail.trust ", JSON.stringify({ pinned: null, seen: later, witnesses: [] }));
      return text;
    },
    getLog: async () => ({ origin: "example.com/log", verifierKey: vectors.key, witnesses: [], size: 7 }),
  };
  const { signal } = new AbortController();
  const request = { id, tenantId: "default", shown: null };
  const store = new TrustStore(storage, "");
  const { result } = await prove(api as unknown as Api, store, request, signal);
  expect(result.steps.find(({ name }) => name === "history")?.problem).toBe("firstSeen");
  expect(store.read().trust.seen).toEqual(later);
});
