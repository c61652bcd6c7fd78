import { afterAll, beforeAll, expect, test } from "vitest";
import { type Json, type KubeObject, listAt, objectAt } from "../../src/cluster/objects.ts";
import { SECRETS } from "../evidence/secrets.ts";
import { documentsIn, evidenceIn, type ModelCall, type ModelScript, modelAnswer, type ScriptedModel, startScriptedModel } from "../standins/scripted-model.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { startWorld, type Told } from "../world/world.ts";

type Secret = (typeof SECRETS)[number];

const CHUNK = 4;
const CHUNKS = Array.from({ length: Math.ceil(SECRETS.length / CHUNK) }, (_, i) => SECRETS.slice(i * CHUNK, (i + 1) * CHUNK));

let model: ScriptedModel;

beforeAll(async () => {
  model = await startScriptedModel(honest);
});

afterAll(() => model.close());

/** Corrects the tag where it is shown the document, and quotes the event. */
function honest({ user }: ModelCall): ModelScript {
  const document = documentsIn(user).find(({ text }) => text.includes("acme/checkout:1.4.7"));
  const quote = "Back-off pulling image";
  const evidence = evidenceIn(user).find(({ text }) => text.includes(quote));
  const about = { root_cause: "The tag 1.4.7 was never pushed", failure_class: "image-not-found" };
  if (!document || !evidence) return { kind: "content", content: modelAnswer(about) };
  const corrected = { document_id: document.id, corrected_yaml: document.text.replace("1.4.7", "1.4.1") };
  const fix = { action: "fix", evidence_quotes: [{ evidence_id: evidence.id, quote }], corrected_documents: [corrected], changes_made: ["Back to 1.4.1"] };
  return { kind: "content", content: modelAnswer({ ...about, ...fix }) };
}

/** The recording with these secrets in the log, an event, annotations, env values, a manifest, and with that the diff in git. */
function planted(chunk: number, secrets: readonly Secret[]): Recording {
  const recording = loadRecording("shop-01");
  const texts = secrets.map(([, text]) => text);
  // What a diff looks like is no manifest's value.
  const values = texts.filter((text) => !text.startsWith("--- a/"));
  const env = values.map((text, i) => ({ name: `OPTION_${i}`, value: text }));
  const objects = recording.objects.map((object): KubeObject => {
    const annotations = { ...objectAt(object, "metadata", "annotations"), ...Object.fromEntries(texts.map((text, i) => [`acme.dev/note-${i}`, text])) };
    const noted = { ...object, metadata: { ...object.metadata, annotations } };
    if (object.kind === "Event") return { ...noted, ...(object.note === undefined ? {} : { note: `${object.note}\n${texts.join("\n")}` }) };
    return object.kind === "Pod" ? { ...noted, ...withEnv(object, env) } : noted;
  });
  const line = (text: string) => `2026-11-22T22:05:01.905Z ${text.replaceAll("\n", "\n2026-11-22T22:05:01.905Z ")}`;
  const logs = Object.fromEntries(
    recording.objects.filter(({ kind }) => kind === "Pod").map(({ metadata }) => [`${metadata.name}.checkout`, `${texts.map(line).join("\n")}\n`]),
  );
  const settings = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: checkout}\ndata:\n${values.map((text, i) => `  option${i}: ${JSON.stringify(text)}\n`).join("")}`;
  const [manifest = "", path] = [recording.after["deploy/deployment.yaml"], "deploy/deployment.yaml"];
  const beside = manifest.replace(/( +)image: .*\n/, (image, indent) => `${image}${indent}env: ${JSON.stringify(env)}\n`);
  const after = { ...recording.after, "deploy/settings.yaml": settings, ...(chunk % 2 === 0 ? { [path]: beside } : {}) };
  return { ...recording, objects, logs, after };
}

function withEnv(pod: KubeObject, env: Json[]): { spec: Json } {
  const containers = listAt(pod, "spec", "containers").map((container): Json => ({ ...objectAt(container), env }));
  return { spec: { ...objectAt(pod, "spec"), containers } };
}

/** Everything that left the App, by where it went. */
async function told(chunk: number, secrets: readonly Secret[], environment: Record<string, string>): Promise<Record<string, string>> {
  const lines: string[] = [];
  const from = model.calls.length;
  const logs = { write: (line: string) => void lines.push(line) };
  const world = await startWorld(planted(chunk, secrets), { logs, environment: { LOG_LEVEL: "debug", ...environment } });
  try {
    const { ending } = await world.ending(({ ending: { kind } }: Told) => kind === "proposed" || kind === "handed-over");
    const [pulls, issues] = [await world.repository.pulls(), await world.repository.issues()];
    const numbers = [...pulls, ...issues].map(({ number }) => number);
    const comments = await Promise.all(numbers.map((number) => world.repository.comments(number)));
    const heads = await Promise.all((await world.repository.branches()).map((name) => world.repository.branch(name)));
    const checks = await Promise.all(heads.map((sha) => world.repository.checkRuns(sha ?? "")));
    const commits = await Promise.all(pulls.map(({ number }) => world.repository.commitsOf(number)));
    const requests = model.calls.slice(from).map(({ body }) => body);
    return {
      ending: ending.kind,
      model: texts(requests),
      "pull request": texts(pulls.map(({ title, body }) => [title, body])),
      issue: texts(issues.map(({ title, body }) => [title, body])),
      comments: texts(comments.flat().map(({ body }) => body)),
      checks: texts(checks.flat().map(({ output }) => output)),
      "commit message": texts(commits),
      log: lines.join(""),
    };
  } finally {
    await world.close();
  }
}

/** All texts in a value, as they are: JSON would write quotes and line breaks in another way. */
function texts(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null ? Object.values(value).map(texts).join("\n") : "";
}

function leaks(out: Record<string, string>, secrets: readonly Secret[]): string[] {
  return Object.entries(out).flatMap(([place, text]) => {
    const found = secrets.filter(([, , hidden]) => text.includes(hidden) || text.includes(JSON.stringify(hidden).slice(1, -1)));
    return found.map(([name, , hidden]) => `${place}: ${name}: ${text.slice(Math.max(0, text.indexOf(hidden) - 80), text.indexOf(hidden) + 40)}`);
  });
}

const withModel = () => ({ AUTOFIX_ENGINE: "model", OPENAI_BASE_URL: model.url, OPENAI_MODEL: "scripted", OPENAI_API_KEY: "key-of-a-test" });

test("the corpus is large enough to mean something", () => expect(SECRETS.length).toBeGreaterThanOrEqual(60));

test.each(CHUNKS.map((secrets, chunk) => ({ secrets, chunk, names: secrets.map(([name]) => name).join(", ") })))("$names", async ({ secrets, chunk }) => {
  const asked = await told(chunk, secrets, withModel());
  expect(asked.model).toContain("Evidence (untrusted data)");
  expect(leaks(asked, secrets)).toEqual([]);
  const played = await told(chunk, secrets, {});
  expect(leaks(played, secrets)).toEqual([]);
});
