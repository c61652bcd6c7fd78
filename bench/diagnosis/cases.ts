import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { isKubeObject, type Json } from "../../src/cluster/objects.ts";
import { AutofixError } from "../../src/errors.ts";
import { loadRecording, type Recording, recordingIds, type Truth, truthOf } from "../../test/world/recording.ts";

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
}

/** One rendered field that a right fix changes: `Kind/name path`, as in bench/README.md; back to what it was, or to a value that satisfies a condition. */
export interface Blamed {
  field: string;
  to: "before" | "any" | "gone" | { value: Json } | { atLeast: string };
}

export type Loaded = { kind: "loaded"; case: BenchCase } | { kind: "broken"; name: string; error: string };

/** The project's own recordings, or a folder of folders in the recordings' published format. A case that cannot be read is reported and left out. */
export function loadCases(folder: string | undefined): Loaded[] {
  if (folder === undefined) {
    const expected: Record<string, Expected> = JSON.parse(readFileSync(join(import.meta.dirname, "../../test/recordings/expected.json"), "utf8"));
    return recordingIds().map((id) => loaded(id, () => withExpected({ recording: loadRecording(id), answer: truthOf(id).answer }, expected[id])));
  }
  if (!existsSync(folder)) throw new AutofixError("cli/usage", `--cases: there is no folder ${folder}`);
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  if (names.length === 0) throw new AutofixError("cli/usage", `--cases: ${folder} holds no folders`);
  return names.sort().map((name) => loaded(name, () => readCase(join(folder, name))));
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

const ANSWERS: readonly string[] = ["manifest fix", "escalate", "nothing to do"];

function readCase(folder: string): BenchCase {
  const scenario = readJson(join(folder, "scenario.json"));
  const objects: Json[] = readJson(join(folder, "objects.json")).items ?? [];
  const kube = objects.filter(isKubeObject);
  if (kube.length === 0) throw new Error("objects.json holds no Kubernetes objects");
  for (const field of ["name", "tool", "path", "good", "bad", "delivery"]) if (scenario[field] === undefined) throw new Error(`scenario.json has no ${field}`);
  const answer = scenario.truth?.answer;
  if (!ANSWERS.includes(answer)) throw new Error(`scenario.json: truth.answer is ${JSON.stringify(answer)}, expected one of ${ANSWERS.join(", ")}`);
  const { name, tool, path, good, bad, subject = "", delivery } = scenario;
  const recording: Recording = {
    id: name,
    scenario: { name, tool, path, good, bad, subject, delivery },
    objects: kube,
    logs: Object.fromEntries([...texts(join(folder, "logs"))].map(([file, text]) => [file.replace(/\.log$/, ""), text])),
    sequence: readSequence(join(folder, "sequence.jsonl.gz")),
    before: Object.fromEntries(texts(join(folder, "repository/before"), true)),
    after: Object.fromEntries(texts(join(folder, "repository/after"), true)),
  };
  const expectedFile = join(folder, "expected.json");
  return withExpected({ recording, answer }, existsSync(expectedFile) ? readJson(expectedFile) : undefined);
}

function readSequence(file: string): Recording["sequence"] {
  if (!existsSync(file)) return [];
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** The callers check what they use. */
function readJson(file: string) {
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  return JSON.parse(readFileSync(file, "utf8"));
}

function texts(folder: string, needed = false): Map<string, string> {
  const found = new Map<string, string>();
  if (!existsSync(folder)) {
    if (needed) throw new Error(`${folder} is missing`);
    return found;
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) found.set(relative(folder, path), readFileSync(path, "utf8"));
  }
  return found;
}
