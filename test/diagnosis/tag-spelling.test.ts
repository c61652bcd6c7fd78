import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { inOtherSpelling } from "../../src/source/meant/tag-spelling.ts";
import { item, judge, proposal, rules, situation } from "../guards/situation.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

describe("a version in the other spelling", () => {
  test.each([
    ["acme/worker:v1.4.1", ["acme/api:1.4.1"], "acme/worker:1.4.1"],
    ["acme/worker:2.0.0-rc.1", ["acme/api:v2.0.0-rc.1", "other/api:1.0"], "acme/worker:v2.0.0-rc.1"],
    ["registry:5000/shop/worker:v1.4", ["registry:5000/shop/api:1.4"], "registry:5000/shop/worker:1.4"],
  ])("is meant: %s beside %s", (image, working, meant) => expect(inOtherSpelling(image, working)).toBe(meant));

  test.each([
    ["another version is known", "acme/worker:v1.4.1", ["acme/api:1.4.0"]],
    ["both spellings are", "acme/worker:v1.4.1", ["acme/api:1.4.1", "acme/web:v1.2.0"]],
    ["the others are of another owner", "acme/worker:v1.4.1", ["nadir/api:1.4.1"]],
    ["the others are of another registry", "acme/worker:v1.4.1", ["registry.example/acme/api:1.4.1"]],
    ["it has no owner", "worker:v1.4.1", ["api:1.4.1"]],
    ["it is no version", "acme/worker:very", ["acme/api:ery"]],
    ["it is pinned by its digest", `acme/worker:v1.4.1@sha256:${"0".repeat(64)}`, ["acme/api:1.4.1"]],
  ])("is not where %s", (_, image, working) => expect(inOtherSpelling(image, working)).toBeUndefined());
});

/** The playbook on shop-741, with what is told otherwise in its objects. */
async function imageFor(retold: (text: string) => string): Promise<unknown> {
  const recording = loadRecording("shop-741");
  const input = await caseOf({ ...recording, objects: JSON.parse(retold(JSON.stringify(recording.objects))) }, { lastGood: true });
  const action = input && consultPlaybook(input)[0]?.finding.action;
  return action?.kind === "fix" ? action.changes.map(({ after }) => after) : action?.kind;
}

describe("a first release whose tag the registry does not have", () => {
  test("asks for the version as the images beside it do", async () => expect(await imageFor((text) => text)).toEqual(["acme/worker:1.4.1"]));
  test("is left to people where the registry did not answer", async () => {
    expect(await imageFor((text) => text.replaceAll(/: not found/g, ": i/o timeout").replaceAll("NotFound", "Unknown"))).toBe("escalate");
  });
});

describe("the guards", () => {
  const workload = (image: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: basket, namespace: shop}\nspec:\n  selector: {matchLabels: {app: basket}}\n  template:\n    metadata: {labels: {app: basket}}\n    spec: {containers: [{name: main, image: "${image}"}]}\n`;
  const judged = (after: string, images: string[], good?: string) => {
    const said = 'Failed to pull image "acme/basket:v1.4.1": docker.io/acme/basket:v1.4.1: not found';
    const files = { "basket.yaml": workload("acme/basket:v1.4.1") };
    const world = situation({
      files,
      good: good === undefined ? {} : { "basket.yaml": workload(good) },
      namespace: "shop",
      target: { kind: "Deployment", name: "basket" },
      images,
      items: [item("event", said)],
    });
    const yaml = workload(after);
    return rules(judge(world, proposal(world, { failureClass: "image-not-found", container: "main", yaml, quote: "Failed to pull image" })));
  };

  test("take it where others of its owner have that version", () => expect(judged("acme/basket:1.4.1", ["acme/api:1.4.1"])).toEqual([]));
  test.each([
    ["another version", "acme/basket:1.4.2", ["acme/api:1.4.2"]],
    ["another program", "acme/api:1.4.1", ["acme/web:1.4.1"]],
    ["what nobody has", "acme/basket:1.4.1", ["acme/api:1.4.0"]],
  ])("take no %s", (_, after, images) => expect(judged(after, images)).not.toEqual([]));
  test("do not take it of a program that ran here", () => expect(judged("acme/basket:1.4.1", ["acme/api:1.4.1"], "acme/basket:v1.4.1")).not.toEqual([]));

  test("take a new tag behind the name of before, where that is only misspelt", () => {
    expect(judged("acme/baskets:v1.4.1", [], "acme/baskets:v1.4.0")).toEqual([]);
    expect(judged("acme/baskets:v1.4.2", [], "acme/baskets:v1.4.0")).not.toEqual([]);
    expect(judged("acme/checkout:v1.4.1", [], "acme/checkout:v1.4.0")).not.toEqual([]);
  });
});
