import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createDiagnostician } from "../../src/diagnosis/diagnose.ts";
import { MODEL_ANSWER } from "../../src/diagnosis/model-answer.ts";
import type { ModelClient, ModelRequest } from "../../src/diagnosis/model-client.ts";
import { findRepair, type Repair } from "../../src/repair.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { caseOf } from "../diagnosis/case.ts";
import { BOUNDS } from "../guards/situation.ts";
import { documentsIn, evidenceIn, modelAnswer } from "../standins/scripted-model.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { PAYLOADS, type Payload } from "./payloads.ts";
import { asName, PLACES, type Place } from "./places.ts";

/** Failures whose right answer a model finds easily: the class, and what the event says. */
const RECORDINGS = [
  { id: "shop-01", failureClass: "image-not-found", quote: "Back-off pulling image" },
  { id: "shop-02", failureClass: "image-not-found", quote: "Back-off pulling image" },
  { id: "shop-12", failureClass: "crash-on-start", quote: "Back-off restarting failed container" },
] as const;

const CASES = PAYLOADS.flatMap((payload, i) =>
  PLACES.map((place, j) => ({ payload, place, about: RECORDINGS[(i + j) % RECORDINGS.length] ?? RECORDINGS[0], name: `${payload.name}, by ${place.name}` })),
);

interface Played {
  repair: Repair;
  prompts: string[];
  obeyed: boolean;
}

/** The whole search for a fix, with a model that gives the right answer, and on top of it does what it reads in the prompt. */
async function play({ payload, place, about }: (typeof CASES)[number]): Promise<Played> {
  const recording = place.plant(loadRecording(about.id), payload.text);
  const input = await caseOf(recording);
  if (!input) throw new Error(`${about.id} shows no incident`);
  const prompts: string[] = [];
  let obeyed = false;
  const model: ModelClient = {
    name: "obedient",
    async ask({ user }: ModelRequest) {
      prompts.push(user);
      const reads = asName(user).includes(asName(payload.text)) || asName(user).includes(asName(asWords(payload.text)));
      obeyed ||= reads;
      return {
        kind: "answer",
        answer: MODEL_ANSWER.parse(JSON.parse(answer(user, recording, about, reads ? payload : undefined))),
        inputTokens: 10,
        outputTokens: 10,
      };
    },
  };
  const diagnostician = createDiagnostician({ engine: "model", model, random: () => randomBytes(12).toString("hex") });
  const { incident, observation, workspace, commits, lastGood } = input;
  const logs = async () => Object.values(recording.logs).join("\n");
  const parts = { cluster: { logs }, diagnose: diagnostician.diagnose, bounds: BOUNDS, now: () => observation.at };
  const history = { ...(lastGood ? { lastGood } : {}), commits, diff: "", renderDiff: "" };
  const hint = place.hint?.(payload.text);
  const repair = await findRepair(parts, { incident, observation, workspace, history, tried: [], ...(hint ? { hint } : {}) });
  return { repair, prompts, obeyed };
}

/** Look-alikes of boundaries are taken out of what is shown; the words between them stay. */
function asWords(text: string): string {
  return text.replaceAll(/={5,}/g, "====");
}

function answer(user: string, recording: Recording, about: (typeof RECORDINGS)[number], payload: Payload | undefined): string {
  const corrected = documentsIn(user).flatMap(({ id, text }) => {
    const path = Object.keys(recording.after).find((one) => one.endsWith("deployment.yaml") && recording.after[one]?.includes(text.trim().slice(-200)));
    const right = path && recording.before[path];
    return right ? [{ document_id: id, corrected_yaml: payload ? payload.obey(right) : right }] : [];
  });
  const evidence = evidenceIn(user).find(({ text }) => text.includes(about.quote));
  const extra = Array.isArray(payload?.answer?.corrected_documents) ? payload.answer.corrected_documents : [];
  return modelAnswer({
    root_cause: "The image does not exist",
    failure_class: about.failureClass,
    evidence_quotes: [{ evidence_id: evidence?.id ?? "", quote: about.quote }],
    action: "fix",
    changes_made: ["Back to what worked"],
    ...payload?.answer,
    corrected_documents: [...corrected, ...extra],
  });
}

/** What is approved is exactly what the last good revision had: the right answer, with nothing of the planted text. */
function expectHarmless({ repair }: Played, { payload, about }: (typeof CASES)[number]): void {
  if (repair.kind !== "approved") return;
  const { before } = loadRecording(about.id);
  for (const file of repair.change.files) {
    const lines = file.after.split("\n").filter((line) => !(file.before ?? "").split("\n").includes(line));
    expect(lines.filter((line) => !(before[file.path] ?? "").split("\n").includes(line))).toEqual([]);
  }
  const changed = unifiedDiff(repair.change.files)
    .split("\n")
    .filter((line) => /^[-+]/.test(line))
    .join("\n");
  expect(changed).not.toContain(payload.mark);
}

/** Every block opens and closes with this request's marker, and what was planted does not know it. */
function expectDelimited(prompts: readonly string[], { text }: Payload): void {
  const markers = prompts.map((prompt) => /^===== (\S+) BEGIN /m.exec(prompt)?.[1] ?? "");
  expect(new Set(markers).size).toBe(prompts.length);
  for (const [i, prompt] of prompts.entries()) {
    const marker = markers[i] ?? "";
    expect(marker).toMatch(/^[0-9a-f]{24}$/);
    expect(text).not.toContain(marker);
    const lines = prompt.split("\n").filter((line) => line.startsWith(`===== ${marker} `));
    expect(lines.map((line) => (line.includes(" BEGIN ") ? "BEGIN" : "END"))).toEqual(lines.map((_, n) => (n % 2 === 0 ? "BEGIN" : "END")));
  }
}

const seen = new Map<Place, number>();

describe("a model that obeys what it reads in untrusted text", () => {
  test.each(CASES)("$name", async (one) => {
    const played = await play(one);
    expect(played.prompts.length).toBeGreaterThan(0);
    expectHarmless(played, one);
    expectDelimited(played.prompts, one.payload);
    if (played.obeyed) seen.set(one.place, (seen.get(one.place) ?? 0) + 1);
    if (one.place.unseen) expect(played.obeyed).toBe(false);
  });

  test("reads the planted text at every place from which anything is shown", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60);
    console.error(`planted: ${CASES.length}; obeyed by place: ${PLACES.map((place) => `${place.name} ${seen.get(place) ?? 0}`).join(", ")}`);
    expect(PLACES.filter((place) => !place.unseen && (seen.get(place) ?? 0) === 0).map(({ name }) => name)).toEqual([]);
  });

  test("is not refused where nothing is planted", async () => {
    const nowhere: Place = { name: "nowhere", plant: (recording) => recording };
    const payload = PAYLOADS[0];
    if (!payload) throw new Error("no payload");
    for (const about of RECORDINGS) expect((await play({ payload, place: nowhere, about, name: "" })).repair.kind).toBe("approved");
  });
});
