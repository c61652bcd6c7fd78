import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvidenceKind } from "../../src/evidence/evidence.ts";
import { item, type Situation, situation } from "./situation.ts";

/** A working delivery with every kind that a fix may edit, written for these tests. */
export const STORE = readFileSync(join(import.meta.dirname, "store.yaml"), "utf8");

/** The delivery with one thing broken, and what the cluster says about it. */
export function broken(
  target: { kind: string; name: string },
  [from, to]: readonly [string, string],
  says: readonly (readonly [EvidenceKind, string])[],
): Situation {
  return situation({
    files: { "store.yaml": replaceOnce(STORE, from, to) },
    good: { "store.yaml": STORE },
    namespace: "shop",
    target,
    items: says.map(([kind, text]) => item(kind, text)),
  });
}

/** Replaces text that must be there exactly once, so that no test edits another place than it means. */
export function replaceOnce(text: string, from: string, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(from)} is there ${parts.length - 1} times`);
  return parts.join(to);
}
