import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { isKubeObject, type KubeObject } from "../../src/cluster/objects.ts";
import type { RecordedEvent, Recording } from "../../test/world/recording.ts";
import type { BenchCase } from "./cases.ts";

const KUBE = z.custom<KubeObject>((value) => isKubeObject(value as never), "is no Kubernetes object");
const ANSWER = z.enum(["manifest fix", "escalate", "nothing to do"]);
const SHA = z.string().regex(/^[0-9a-f]{40}$/, "is no full SHA");

const SCENARIO = z.object({
  name: z.string(),
  tool: z.enum(["argocd", "flux"]),
  path: z.string(),
  good: SHA,
  bad: SHA,
  subject: z.string().default(""),
  delivery: KUBE,
  truth: z.object({ answer: ANSWER }),
  commits: z.array(z.object({ sha: SHA, author: z.string(), date: z.string(), subject: z.string() })).optional(),
});
const OBJECTS = z.object({ items: z.array(KUBE).min(1, "holds no objects") });
const EVENT = z.object({ seconds: z.number(), type: z.enum(["ADDED", "MODIFIED", "DELETED"]), object: KUBE });
const TO = z.union([z.enum(["before", "any", "gone"]), z.object({ value: z.json() }), z.object({ atLeast: z.string() })]);
const BLAMED = z.object({ field: z.string(), to: TO });
const EXPECTED = z.object({ class: z.array(z.string()).min(1), fixes: z.array(z.array(BLAMED)), keep: z.array(BLAMED).optional() });

/** Reads one folder in the recordings' published format. Throws with the file and what is wrong in it. */
export function readCase(folder: string): BenchCase {
  const { name: id, truth, commits, ...scenario } = read(folder, "scenario.json", SCENARIO);
  const recording: Recording = {
    id,
    scenario: { name: id, ...scenario },
    objects: read(folder, "objects.json", OBJECTS).items,
    logs: Object.fromEntries([...texts(join(folder, "logs"))].map(([file, text]) => [file.replace(/\.log$/, ""), text])),
    sequence: readSequence(folder),
    before: tree(folder, "repository/before"),
    after: tree(folder, "repository/after"),
    ...(commits ? { commits, trees: treesOf(join(folder, "repository/commits")) } : {}),
  };
  const expected = existsSync(join(folder, "expected.json")) ? read(folder, "expected.json", EXPECTED) : undefined;
  return { recording, answer: truth.answer, ...(expected ? { expected } : {}) };
}

function read<T>(folder: string, file: string, schema: z.ZodType<T>): T {
  const path = join(folder, file);
  if (!existsSync(path)) throw new Error(`${file} is missing`);
  return checked(file, parsed(file, readFileSync(path, "utf8")), schema);
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new Error(`${file} is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function checked<T>(file: string, value: unknown, schema: z.ZodType<T>): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw new Error(`${file}: ${issue?.path.join(".") || "it"} ${issue?.message ?? "is not as expected"}`);
}

/** Who lacks the sequence lacks what went away before the end: that is a state too. */
function readSequence(folder: string): RecordedEvent[] {
  const packed = join(folder, "sequence.jsonl.gz");
  if (!existsSync(packed)) return [];
  let text: string;
  try {
    text = gunzipSync(readFileSync(packed)).toString("utf8");
  } catch (thrown) {
    throw new Error(`sequence.jsonl.gz cannot be unpacked: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, i) => checked(`sequence.jsonl.gz, line ${i + 1}`, parsed(`sequence.jsonl.gz, line ${i + 1}`, line), EVENT));
}

function tree(folder: string, name: string): Record<string, string> {
  const found = texts(join(folder, name));
  if (found.size === 0) throw new Error(`${name} is missing or empty`);
  return Object.fromEntries(found);
}

function treesOf(folder: string): Record<string, Record<string, string>> {
  const shas = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(shas.map((sha) => [sha, Object.fromEntries(texts(join(folder, sha)))]));
}

function texts(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) found.set(relative(folder, path), readFileSync(path, "utf8"));
  }
  return found;
}
