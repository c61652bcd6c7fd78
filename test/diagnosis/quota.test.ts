import { expect, test } from "vitest";
import type { Finding } from "../../src/diagnosis/diagnosis.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const RECORDED = "maximum memory usage per Container is 256Mi, but limit is 512Mi";
const OWN = /\n +resources:\n +requests: \{.*\}\n +limits: \{.*\}/;
const TEAM = "requests: {cpu: 20m, memory: 32Mi}, limits: {memory: 128Mi}";

/** shop-35 with these containers, each with its resources ("" for none), and what a quota says of their pods. */
async function findingFor(story: {
  before?: Record<string, string>;
  after: Record<string, string>;
  demands?: string;
  exceeded?: string;
}): Promise<Finding | undefined> {
  const recording = loadRecording("shop-35");
  const said = story.exceeded ?? `failed quota: team: must specify ${story.demands}`;
  const objects = JSON.parse(
    JSON.stringify(recording.objects)
      .replaceAll(RECORDED, said)
      .replaceAll(/"readyReplicas":\d+,?/g, ""),
  );
  const input = await caseOf({
    ...recording,
    objects,
    before: withContainers(recording.before, story.before ?? story.after),
    after: withContainers(recording.after, story.after),
  });
  return input && consultPlaybook(input)[0]?.finding;
}

function withContainers(files: Record<string, string>, { thumbs = "", ...others }: Record<string, string>): Record<string, string> {
  const resources = (own: string) => (own === "" ? "" : `\n          resources: {${own}}`);
  const beside = Object.entries(others).map(([name, own]) => `        - name: ${name}\n          image: busybox:1.36${resources(own)}\n`);
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, OWN.test(text) ? `${text.replace(OWN, resources(thumbs))}${beside.join("")}` : text]),
  );
}

/** What it would change, or why it changes nothing. */
function answer(finding: Finding | undefined): unknown {
  if (finding?.action.kind !== "fix") return finding?.action.kind === "escalate" ? finding.action.reason : undefined;
  return Object.fromEntries(finding.action.changes.map(({ path, after }) => [formatPath(path.slice(3)), after]));
}

const NEW_ONE = { before: { thumbs: TEAM }, after: { thumbs: TEAM, tail: "" } };

test("a new container without resources gets what is demanded of it, as the container beside it has it", async () => {
  const finding = await findingFor({ ...NEW_ONE, demands: "limits.memory for: tail; requests.cpu for: tail" });
  expect(answer(finding)).toEqual({ "containers[name=tail].resources": { limits: { memory: "128Mi" }, requests: { cpu: "20m" } } });
  expect(finding).toMatchObject({
    failureClass: "quota",
    target: { container: "tail" },
    confidence: 0.75,
    action: {
      words: [
        "Set the memory limit of container tail to 128Mi, as container thumbs has it",
        "Set the cpu request of container tail to 20m, as container thumbs has it",
      ],
    },
  });
});

test("in a first release too, and for each container that is named", async () => {
  const after = { thumbs: TEAM, tail: "", relay: "requests: {cpu: 5m}" };
  const finding = await findingFor({ after, demands: "limits.memory for: relay,tail; cpu for: tail" });
  expect(answer(finding)).toEqual({
    "containers[name=relay].resources.limits": { memory: "128Mi" },
    "containers[name=tail].resources": { limits: { memory: "128Mi" }, requests: { cpu: "5m" } },
  });
});

test("of several amounts the smallest is taken, and the limit where no request is set", async () => {
  const after = { thumbs: "limits: {cpu: '1', memory: 1Gi}", relay: "limits: {cpu: 200m, memory: 64Mi}", tail: "" };
  const finding = await findingFor({ after, demands: "limits.memory for: tail; requests.cpu for: tail" });
  expect(answer(finding)).toEqual({ "containers[name=tail].resources": { limits: { memory: "64Mi" }, requests: { cpu: "200m" } } });
});

test("a limit is never below the request that the container has", async () => {
  const after = { thumbs: TEAM, tail: "requests: {memory: 300Mi}" };
  const finding = await findingFor({ after, demands: "limits.memory for: tail" });
  expect(answer(finding)).toEqual({ "containers[name=tail].resources.limits": { memory: "300Mi" } });
  expect(finding?.action).toMatchObject({ words: ["Set the memory limit of container tail to 300Mi, as much as its request"] });
});

test("what a container had before comes back, whatever the one beside it has", async () => {
  const before = { thumbs: TEAM, tail: "requests: {cpu: 7m}, limits: {memory: 48Mi}" };
  const finding = await findingFor({ before, after: { thumbs: TEAM, tail: "" }, demands: "limits.memory for: tail; requests.cpu for: tail" });
  expect(answer(finding)).toEqual({ "containers[name=tail].resources": { requests: { cpu: "7m" }, limits: { memory: "48Mi" } } });
});

test.each([
  ["no container has an amount", { thumbs: "limits: {cpu: 1}", tail: "" }, "limits.memory for: tail"],
  ["one of several amounts is not known", NEW_ONE.after, "limits.cpu for: tail; limits.memory for: tail"],
  ["the container that is named is not in git", NEW_ONE.after, "limits.memory for: mesh-proxy"],
  ["the container has what is demanded", NEW_ONE.after, "limits.memory for: thumbs"],
  ["the quota demands something else as well", NEW_ONE.after, "limits.memory for: tail; requests.acme.com/gpu for: tail"],
  ["an older API server does not name the container", NEW_ONE.after, "limits.memory"],
])("people decide where %s", async (_, after, demands) => {
  expect(answer(await findingFor({ before: { thumbs: after.thumbs }, after, demands }))).toBe("the right amount is not known");
});

test("without a list it means the requests", async () => {
  const dropped = { before: { thumbs: TEAM }, after: { thumbs: "limits: {memory: 128Mi}" } };
  expect(answer(await findingFor({ ...dropped, demands: "memory for: thumbs" }))).toEqual({
    "containers[name=thumbs].resources.requests": { cpu: "20m", memory: "32Mi" },
  });
});

test.each(["memory=512Mi", "requests.memory=512Mi"])("requests of a quota that asks for %s go back to what they were", async (requested) => {
  const raised = "requests: {cpu: 20m, memory: 512Mi}, limits: {memory: 512Mi}";
  const exceeded = `exceeded quota: team, requested: ${requested}, used: 768Mi, limited: 1Gi`;
  expect(answer(await findingFor({ before: { thumbs: TEAM }, after: { thumbs: raised }, exceeded }))).toEqual({
    "containers[name=thumbs].resources.requests.memory": "32Mi",
  });
});
