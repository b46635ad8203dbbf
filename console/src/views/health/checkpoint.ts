import type { Log } from "../../api/types";
import { listWitnessKeys } from "../../state/proof";
import { parseCheckpoint } from "../../verify/checkpoint";
import { hasCrypto, hasEd25519 } from "../../verify/crypto";
import { parseNote, parseVerifierKey } from "../../verify/note";
import { checkLogSignature, findSigningTime } from "../../verify/signatures";
import { listVerifiedWitnesses } from "../../verify/witnesses";
import type { CheckpointFacts } from "./judge";

/** Returns what the checkpoint says, verified with the log's keys. A checkpoint that is not valid is not signed. */
export async function readCheckpoint(text: string, log: Log): Promise<CheckpointFacts> {
  if (!hasCrypto() || !(await hasEd25519())) return { ...NOT_SIGNED, isSigned: null };
  try {
    const note = parseNote(text);
    const key = await parseVerifierKey(log.verifierKey);
    if (parseCheckpoint(note).origin !== key.name) return NOT_SIGNED;
    await checkLogSignature(note, key);
    return {
      isSigned: true,
      cosignedMs: await findSigningTime(note, key),
      witnesses: await listVerifiedWitnesses(note, key, listWitnessKeys(log)),
    };
  } catch {
    return NOT_SIGNED;
  }
}

const NOT_SIGNED: CheckpointFacts = { isSigned: false, cosignedMs: null, witnesses: [] };

/** Returns the SHA-256 of the key in hex, or null if it is not a verifier key or there is no WebCrypto. */
export async function findFingerprint(verifierKey: string): Promise<string | null> {
  try {
    return (await parseVerifierKey(verifierKey)).fingerprint;
  } catch {
    return null;
  }
}
