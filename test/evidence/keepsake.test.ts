import { describe, expect, test } from "vitest";
import { refOf, textAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import { collectEvidence } from "../../src/evidence/collect.ts";
import { Keepsake, remembering } from "../../src/evidence/keepsake.ts";
import { identify } from "../../src/incident/identify.ts";
import { observeEnd, replay } from "../world/observe-recording.ts";
import { loadRecording } from "../world/recording.ts";

const OOM = "shop-39";
const NO_GIT = { commits: [], diff: "", renderDiff: "" };

/** Every state of a recording in turn; the last one stays. */
function passing(observations: readonly Observation[]) {
  let next = 0;
  const asked: string[] = [];
  return {
    asked,
    cluster: {
      deliveries: async () => [],
      origin: async () => undefined,
      schemas: async () => undefined,
      observe: async () => observations[Math.min(next++, observations.length - 1)],
      async logs(pod: { name: string }, container: string) {
        asked.push(`${pod.name}/${container}`);
        const isThere = observations[Math.min(next, observations.length) - 1]?.objects.some((object) => textAt(object, "metadata", "name") === pod.name);
        return isThere ? `2026-11-22T22:00:00Z warming cache of ${pod.name} with password=hunter2hunter2\n` : "";
      },
    },
  };
}

async function watchAll(observations: readonly Observation[], keepsake: Keepsake) {
  const { cluster, asked } = passing(observations);
  const watching = remembering(cluster, keepsake);
  let last: Observation | undefined;
  for (const { key } of observations) last = await watching.observe(key);
  if (!last) throw new Error("nothing observed");
  return { last, watching, asked };
}

const states = [...replay(loadRecording(OOM))].map(({ observation }) => observation);
const end = states.at(-1)?.at ?? new Date(0);

describe("after Helm took the failing pods away", () => {
  test("who watched still knows how they ended, and says when that was seen", async () => {
    const { last, watching } = await watchAll(states, new Keepsake(() => end));
    const [incident] = identify(last);
    if (!incident) throw new Error("nothing fails");
    expect(new Set(incident.symptoms.map(({ reason }) => reason))).toEqual(new Set(["crash", "rollout-stuck"]));
    const { items, gaps } = await collectEvidence({ incident, observation: last, cluster: watching, git: NO_GIT, now: last.at });
    expect(gaps).toBeUndefined();
    expect(items[0]?.text).toContain("OOMKilled");
    expect(items[0]?.source).toMatch(/gone now, as last seen \d\d:\d\d:\d\d UTC/);
    expect(items.some(({ kind, text }) => kind === "log" && text.includes("warming cache of depot-"))).toBe(true);
  });

  test("the incident is the one that it was before", async () => {
    const before = states.findLast((state) =>
      state.objects.some((object) => object.kind === "Pod" && JSON.stringify(object.status).includes("CrashLoopBackOff")),
    );
    if (!before) throw new Error("no crash was recorded");
    const { last } = await watchAll(states, new Keepsake(() => end));
    expect(identify(last)[0]?.fingerprint).toBe(identify(before)[0]?.fingerprint);
  });

  test("who came later says that it is not known", async () => {
    const observation = observeEnd(loadRecording(OOM));
    const [incident] = identify(observation);
    if (!incident) throw new Error("nothing fails");
    const { gaps, items } = await collectEvidence({ incident, observation, cluster: { logs: async () => "" }, git: NO_GIT, now: observation.at });
    expect(gaps).toEqual(["The failing pods are gone and were not seen while they failed: their states and logs are not known."]);
    expect(items.some(({ source }) => source === "what is not known any more")).toBe(true);
  });
});

describe("what is kept", () => {
  test("each container's log is asked for once", async () => {
    const { asked } = await watchAll(states, new Keepsake(() => end));
    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test("no secret of a log stays in memory", async () => {
    const keepsake = new Keepsake(() => end);
    const { last } = await watchAll(states, keepsake);
    const pod = last.objects.find((object) => last.remembered?.seen.has(textAt(object, "metadata", "uid")));
    if (!pod) throw new Error("no pod is remembered");
    const kept = keepsake.log(refOf(pod), "shop");
    expect(kept).toContain("warming cache");
    expect(kept).not.toContain("hunter2");
  });

  test("a healthy delivery is forgotten", async () => {
    const healthy = states[0];
    if (!healthy) throw new Error("no state");
    const { last } = await watchAll([...states, healthy, ...states.slice(-1)], new Keepsake(() => end));
    expect(last.remembered?.seen.size ?? 0).toBe(0);
  });

  test.each([
    ["age", { age: 1_000 }],
    ["bytes", { bytes: 2_000 }],
    ["items", { items: 1 }],
  ])("it is bounded by %s", async (_, bound) => {
    const later = new Date(end.getTime() + 60_000);
    const generous = { bytes: 1_000_000, items: 1_000, age: 86_400_000, deliveries: 10 };
    const { last } = await watchAll(states, new Keepsake(() => later, { ...generous, ...bound }));
    expect(last.remembered?.seen.size ?? 0).toBe(0);
  });

  test("another delivery's failure pushes the oldest out, not the newest", async () => {
    const keepsake = new Keepsake(() => end, { bytes: 1_000_000, items: 1_000, age: 86_400_000, deliveries: 1 });
    const other = states.map((state) => ({ ...state, key: { ...state.key, name: "other" } }));
    await watchAll(states, keepsake);
    const { last } = await watchAll(other, keepsake);
    expect(last.remembered?.seen.size).toBeGreaterThan(0);
    const final = states.at(-1);
    expect(final && keepsake.recall(final).remembered).toBeUndefined();
  });
});

test("pods of a working rollout that went are not brought back", async () => {
  const clean = [...replay(loadRecording("shop-43"))].map(({ observation }) => observation);
  const keepsake = new Keepsake(() => clean.at(-1)?.at ?? new Date(0));
  const { cluster } = passing(clean);
  const watching = remembering(cluster, keepsake);
  for (const { key } of clean) expect((await watching.observe(key))?.remembered?.seen.size ?? 0).toBe(0);
});
