import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { followingLabels } from "../../src/diagnosis/playbook/apply/selector-back.ts";
import { diffFields } from "../../src/source/edit/field-path.ts";

const workload = (kind: string, selector: JsonObject, labels: JsonObject): KubeObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web", namespace: "shop" },
  spec: { selector: { matchLabels: selector }, template: { metadata: { labels } } },
});
const other = (kind: string, spec: JsonObject): KubeObject => ({ apiVersion: "v1", kind, metadata: { name: "web", namespace: "shop" }, spec });
const service = (selector: JsonObject) => other("Service", { selector });

/** What goes back beside the selector of the workload, which comes first in both lists. */
function following(then: KubeObject[], now: KubeObject[]): string[] {
  const [was, is] = [then[0], now[0]];
  if (!was || !is) throw new Error("no workload");
  const input = { rendered: now, lastGood: { commit: "0123456789", objects: then }, observation: { objects: [] } } as unknown as DiagnosisInput;
  const changed = diffFields(was.spec ?? {}, is.spec ?? {}, ["spec"]).filter(({ path }) => path[1] === "selector");
  return followingLabels(input, is, changed).map(({ object, path, after }) => `${object.kind} ${path.slice(1).join(".")} = ${String(after)}`);
}

describe.each(["Deployment", "StatefulSet", "DaemonSet"])("a commit renames the label by which a %s finds its pods", (kind) => {
  const then = workload(kind, { app: "web" }, { app: "web" });
  const now = workload(kind, { name: "web" }, { name: "web", tier: "front" });

  test("the pods have the old label again, and keep the one that nobody asks for", () =>
    expect(following([then], [now]).sort()).toEqual([`${kind} template.metadata.labels.app = web`, `${kind} template.metadata.labels.name = undefined`]));
  test("the Service that was renamed with it finds them again", () =>
    expect(following([then, service({ app: "web" })], [now, service({ name: "web" })])).toEqual(
      expect.arrayContaining(["Service selector.app = web", "Service selector.name = undefined"]),
    ));
  test("so does a policy", () =>
    expect(
      following(
        [then, other("NetworkPolicy", { podSelector: { matchLabels: { app: "web" } } })],
        [now, other("NetworkPolicy", { podSelector: { matchLabels: { name: "web" } } })],
      ),
    ).toEqual(expect.arrayContaining(["NetworkPolicy podSelector.matchLabels.app = web"])));
  test("a Service of other pods stays as the commit has it", () =>
    expect(following([then, service({ app: "mail" })], [now, service({ app: "post" })]).filter((line) => line.startsWith("Service"))).toEqual([]));
});

test("pods that the old selector finds as they are keep the label that was added", () =>
  expect(
    following([workload("Deployment", { app: "web" }, { app: "web" })], [workload("Deployment", { app: "web", tier: "front" }, { app: "web", tier: "front" })]),
  ).toEqual([]));
