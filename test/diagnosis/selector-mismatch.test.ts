import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { labelMeant } from "../../src/diagnosis/playbook/apply/selector-mismatch.ts";

const workload = (selector: JsonObject, labels: JsonObject): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: { selector: { matchLabels: selector }, template: { metadata: { labels } } },
});
const service = (selector: JsonObject): KubeObject => ({ apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "shop" }, spec: { selector } });

function meant(now: KubeObject, services: KubeObject[], live: KubeObject[] = []): unknown {
  const input = { rendered: [now, ...services], observation: { objects: live } } as unknown as DiagnosisInput;
  const change = labelMeant(input, now);
  return change && [change.path.slice(1).join("."), change.before, change.after];
}

const NOW = workload({ app: "web" }, { app: "web-api", tier: "backend" });

describe("the label that the Service selects is meant", () => {
  test("by the selector", () => expect(meant(NOW, [service({ app: "web" })])).toEqual(["template.metadata.labels.app", "web-api", "web"]));
  test("by the pods' own label", () => expect(meant(NOW, [service({ app: "web-api" })])).toEqual(["selector.matchLabels.app", "web", "web-api"]));
});

describe("what the workload looks for is meant", () => {
  const OWN = ["template.metadata.labels.app", "web-api", "web"];
  test("without a Service", () => expect(meant(NOW, [])).toEqual(OWN));
  test("where it is there already and its selector cannot change", () => expect(meant(NOW, [service({ app: "web-api" })], [NOW])).toEqual(OWN));
  test("where the Service selects another label", () => expect(meant(NOW, [service({ tier: "backend" })])).toEqual(OWN));
});

test("a label that the pods lack is the one that their workload looks for", () => {
  expect(meant(workload({ app: "web", tier: "front" }, { app: "web" }), [service({ app: "web" })])).toEqual([
    "template.metadata.labels.tier",
    undefined,
    "front",
  ]);
});

test("a label that was copied with a manifest belongs to the other workload", () => {
  const other = { ...workload({ app: "web-api" }, { app: "web-api" }), metadata: { name: "web-api", namespace: "shop" } };
  expect(meant(NOW, [service({ app: "web" }), service({ app: "web-api" }), other])).toEqual(["template.metadata.labels.app", "web-api", "web"]);
});

describe("nobody knows which is meant", () => {
  test.each<[string, KubeObject, KubeObject[], KubeObject[]?]>([
    ["where something else looks for the pods by their label", NOW, [{ ...service({ app: "web-api" }), kind: "NetworkPolicy" }]],
    ["where Services do not agree", NOW, [service({ app: "web" }), service({ app: "web-api" })]],
    ["where two labels differ", workload({ app: "web", team: "a" }, { app: "web-api", team: "b" }), [service({ app: "web" })]],
    ["where the workload is there with another selector", NOW, [service({ app: "web" })], [workload({ app: "shop" }, { app: "shop" })]],
  ])("%s", (_, now, services, live) => expect(meant(now, services, live)).toBeUndefined());
});
