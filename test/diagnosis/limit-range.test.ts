import { expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const BEFORE = "requests: {cpu: 20m, memory: 32Mi}\n            limits: {memory: 128Mi}";
const ONE_BOUND = "maximum memory usage per Container is 256Mi, but limit is 512Mi";

/** shop-35 with other resources before and after the commit, and what the API server says of them. */
async function wordsFor(
  resources: { before: string; after: string },
  said: string,
  pods?: "without the pods that run",
): Promise<readonly string[] | string | undefined> {
  const recording = loadRecording("shop-35");
  const other = (files: Record<string, string>, to: string) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/requests: \{.*\}\n\s+limits: \{.*\}/, to)]));
  const known = JSON.stringify(recording.objects).replaceAll(ONE_BOUND, said);
  const objects = JSON.parse(pods ? known.replaceAll(/"readyReplicas":\d+,?/g, "") : known);
  const input = await caseOf({ ...recording, objects, before: other(recording.before, resources.before), after: other(recording.after, resources.after) });
  const action = input && consultPlaybook(input)[0]?.finding.action;
  return action?.kind === "fix" ? action.words.map((word) => word.replace(/ of Deployment.*?(?= from|,|$)/, "").replace(/, as at .*/, "")) : action?.kind;
}

test("every bound that the API server names is kept again", async () => {
  const after = "requests: {cpu: 20m, memory: 32Mi}\n            limits: {cpu: '4', memory: 512Mi}";
  const before = BEFORE.replace("limits: {", "limits: {cpu: 500m, ");
  expect(await wordsFor({ before, after }, `[maximum cpu usage per Container is 2, but limit is 4, ${ONE_BOUND}]`)).toEqual([
    "Set containers[name=thumbs].resources.limits.cpu from 4 to 500m",
    "Set containers[name=thumbs].resources.limits.memory from 512Mi to 128Mi",
  ]);
});

test("a request that was raised with its limit goes back with it", async () => {
  const after = "requests: {cpu: 20m, memory: 384Mi}\n            limits: {memory: 512Mi}";
  expect(await wordsFor({ before: BEFORE, after }, ONE_BOUND)).toEqual([
    "Set containers[name=thumbs].resources.limits.memory from 512Mi to 128Mi",
    "Set containers[name=thumbs].resources.requests.memory from 384Mi to 32Mi",
  ]);
});

test("a request that was raised and fits below the old limit stays", async () => {
  const after = "requests: {cpu: 20m, memory: 64Mi}\n            limits: {memory: 512Mi}";
  expect(await wordsFor({ before: BEFORE, after }, ONE_BOUND)).toEqual(["Set containers[name=thumbs].resources.limits.memory from 512Mi to 128Mi"]);
});

test("where git never had a value within the bound, limit and request are those of the pods that run", async () => {
  const both = "requests: {cpu: 20m, memory: 384Mi}\n            limits: {memory: 512Mi}";
  expect(await wordsFor({ before: both, after: both }, ONE_BOUND)).toEqual([
    "Set containers[name=thumbs].resources.limits.memory from 512Mi to 128Mi, as in ReplicaSet thumbs-6f698bdb5c, whose pods are ready",
    "Set containers[name=thumbs].resources.requests.memory from 384Mi to 32Mi, as in ReplicaSet thumbs-6f698bdb5c, whose pods are ready",
  ]);
});

test("where no good value is known at all, limit and request go down to the bound", async () => {
  const both = "requests: {cpu: 20m, memory: 384Mi}\n            limits: {memory: 512Mi}";
  expect(await wordsFor({ before: both, after: both }, ONE_BOUND, "without the pods that run")).toEqual([
    "Set the memory limit of container thumbs to 256Mi, the LimitRange's maximum",
    "Set the memory request of container thumbs to 256Mi, the LimitRange's maximum",
  ]);
});

test("where limit and request stand too far apart, and neither changed, the request follows", async () => {
  const both = "requests: {cpu: 20m, memory: 24Mi}\n            limits: {memory: 200Mi}";
  const said = "memory max limit to request ratio per Container is 4, but provided ratio is 8.333333";
  expect(await wordsFor({ before: both, after: both }, said, "without the pods that run")).toEqual([
    "Request 50Mi memory, so that the limit is no more than 4 times as much",
  ]);
});
