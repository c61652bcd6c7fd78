import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Json } from "../../src/cluster/objects.ts";
import { AutofixError } from "../../src/errors.ts";
import { endIds, folderOf, loadRecording, type Recording, readOnce, recordingIds, type Truth, truthOf } from "../../test/world/recording.ts";
import { readCase } from "./case-folder.ts";

/** A recorded failure with what is known to be right about it. */
export interface BenchCase {
  recording: Recording;
  answer: Truth["answer"];
  expected?: Expected;
}

/** What a right diagnosis says, written by a person who read the case: test/recordings/expected.json. */
export interface Expected {
  /** Any of these failure classes is right. */
  class: string[];
  /** Each alternative is a complete right fix. */
  fixes: Blamed[][];
  /** What of the commit stays, where the broken state cannot be rendered and so cannot tell. */
  keep?: Blamed[];
}

/** One rendered field that a right fix changes: `Kind/name path`, as in test/recordings/README.md; back to what it was, or to a value that satisfies a condition. */
export interface Blamed {
  field: string;
  to: "before" | "any" | "gone" | { value: Json } | { atLeast: string };
}

export type Loaded = { kind: "loaded"; case: BenchCase } | { kind: "broken"; name: string; error: string };

/** The project's own recordings, or a folder of folders in the recordings' published format. A case that cannot be read is reported and left out. */
export function loadCases(folder: string | undefined): Loaded[] {
  if (folder === undefined) return [...ownCases(recordingIds()), ...ownCases(endIds())];
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new AutofixError("cli/usage", `--cases: there is no folder ${folder}`);
  const names = readdirSync(folder).filter((name) => !name.startsWith(".") && statSync(join(folder, name)).isDirectory());
  if (names.length === 0) throw new AutofixError("cli/usage", `--cases: ${folder} holds no folders`);
  return names.sort().map((name) => loaded(name, () => readCase(join(folder, name))));
}

/** Some of the project's own recordings. */
export function ownCases(ids: readonly string[]): Loaded[] {
  return ids.map((id) =>
    loaded(id, () =>
      withExpected({ recording: loadRecording(id), answer: truthOf(id).answer }, readOnce<Record<string, Expected>>(join(folderOf(id), "expected.json"))[id]),
    ),
  );
}

/** A relative path is the caller's: npm runs scripts in the package's folder, and says in INIT_CWD where it was called. */
export function callersPath(path: string, { INIT_CWD: caller }: NodeJS.ProcessEnv): string {
  const there = resolve(caller ?? ".", path);
  return existsSync(there) ? there : resolve(path);
}

function loaded(name: string, read: () => BenchCase): Loaded {
  try {
    return { kind: "loaded", case: read() };
  } catch (thrown) {
    return { kind: "broken", name, error: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function withExpected(known: Omit<BenchCase, "expected">, expected: Expected | undefined): BenchCase {
  return { ...known, ...(expected ? { expected } : {}) };
}
