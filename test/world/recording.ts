import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isKubeObject, type Json, type KubeObject } from "../../src/cluster/objects.ts";

const FOLDER = join(import.meta.dirname, "../recordings");
/** Of these the end is recorded, not how it came to it. */
const ENDS = join(FOLDER, "ends");

/** A watch event as the API server sent it; `seconds` are relative to the breaking push. */
export interface RecordedEvent {
  seconds: number;
  type: "ADDED" | "MODIFIED" | "DELETED";
  object: KubeObject;
}

/** One real failure; see test/recordings/README.md. */
export interface Recording {
  id: string;
  scenario: { name: string; tool: "argocd" | "flux"; path: string; good: string; bad: string; subject: string; delivery: KubeObject };
  objects: KubeObject[];
  /** By `POD.CONTAINER` or `POD.CONTAINER.previous`, with timestamps. */
  logs: Record<string, string>;
  sequence: RecordedEvent[];
  before: Record<string, string>;
  after: Record<string, string>;
  /** All commits, newest first, where there are others than the good and the bad one. */
  commits?: RecordedCommit[];
  /** The trees of the commits between the good and the last one, by SHA. */
  trees?: Record<string, Record<string, string>>;
}

export interface RecordedCommit {
  sha: string;
  author: string;
  /** RFC 3339. */
  date: string;
  subject: string;
}

/** What was broken and the right answer: only for comparing afterwards. */
export interface Truth {
  scenario: string;
  cause: string;
  answer: "manifest fix" | "escalate" | "nothing to do";
}

/** shop-01, shop-02 … */
export function recordingIds(): string[] {
  return idsIn(FOLDER);
}

/** Recordings without a sequence. */
export function endIds(): string[] {
  return idsIn(ENDS);
}

function idsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json.gz"))
    .map((name) => name.slice(0, -".json.gz".length))
    .sort();
}

export function loadRecording(id: string): Recording {
  const packed = JSON.parse(gunzipSync(readFileSync(join(folderOf(id), `${id}.json.gz`))).toString("utf8"));
  const { tool, path, good, bad, subject, delivery, ...rest } = packed;
  const objects: Json[] = rest.objects;
  if (!objects.every(isKubeObject)) throw new Error(`recording ${id} holds something that is no Kubernetes object`);
  return {
    id,
    scenario: { name: id, tool, path, good, bad, subject, delivery },
    objects,
    logs: rest.logs,
    sequence: rest.sequence,
    before: rest.before,
    after: rest.after,
    ...(rest.commits ? { commits: rest.commits } : {}),
    ...(rest.trees ? { trees: rest.trees } : {}),
  };
}

export function truthOf(id: string): Truth {
  const found = readOnce<Record<string, Truth>>(join(folderOf(id), "truth.json"))[id];
  if (!found) throw new Error(`no truth for recording ${id}`);
  return found;
}

const read = new Map<string, unknown>();

/** A JSON file that every recording of a folder asks for. */
export function readOnce<Held>(path: string): Held {
  const held = read.get(path) ?? JSON.parse(readFileSync(path, "utf8"));
  read.set(path, held);
  return held;
}

/** The folder of a recording, with truth.json and expected.json about it. */
export function folderOf(id: string): string {
  return existsSync(join(FOLDER, `${id}.json.gz`)) ? FOLDER : ENDS;
}
