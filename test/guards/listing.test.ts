import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { isMissedMap, listingPermitted } from "../../src/guards/listing.ts";

type Gate = Parameters<typeof isMissedMap>[0];

const workload: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: { template: { spec: { containers: [{ name: "web", envFrom: [{ configMapRef: { name: "words" } }] }] } } },
};

function gate(failureClass = "config-missing", said = 'Error: configmap "words" not found'): Gate {
  const target = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  return { proposal: { failureClass }, target, rendered: [workload], evidence: { items: [{ kind: "event", text: said }] } } as unknown as Gate;
}

function permits(after: Json, { file = "app/kustomization.yaml", field = "resources", failureClass = "config-missing" } = {}): boolean {
  const before = ["web.yaml"];
  const document = { id: "D1", file, index: 0, role: "settings" as const, text: "", value: { [field]: before } };
  return listingPermitted(gate(failureClass), document, { path: [field], before, after });
}

describe("a kustomization may list one more file of its folder", () => {
  test("at the end", () => expect(permits(["web.yaml", "words.yaml"])).toBe(true));

  test.each<[string, boolean]>([
    ["not in place of another", permits(["words.yaml"])],
    ["not two", permits(["web.yaml", "words.yaml", "more.yaml"])],
    ["not from elsewhere", permits(["web.yaml", "../words.yaml"])],
    ["not from the network", permits(["web.yaml", "https://example.com/words.yaml"])],
    ["not a folder", permits(["web.yaml", "words"])],
    ["not twice", permits(["web.yaml", "web.yaml"])],
    ["not as something else", permits(["web.yaml", "words.yaml"], { field: "components" })],
    ["not in another file", permits(["web.yaml", "words.yaml"], { file: "app/values.yaml" })],
    ["not for another failure", permits(["web.yaml", "words.yaml"], { failureClass: "crash-on-start" })],
  ])("%s", (_, permitted) => expect(permitted).toBe(false));
});

describe("what appears with it", () => {
  const map = (kind: string, name: string, namespace = "shop"): KubeObject => ({ apiVersion: "v1", kind, metadata: { name, namespace }, data: {} });

  test("is the ConfigMap that is missed", () => expect(isMissedMap(gate(), map("ConfigMap", "words"))).toBe(true));

  test.each<[string, boolean]>([
    ["no other one", isMissedMap(gate(), map("ConfigMap", "prices"))],
    ["none of another namespace", isMissedMap(gate(), map("ConfigMap", "words", "bank"))],
    ["nothing of another kind", isMissedMap(gate(), map("Secret", "words"))],
    ["none that nobody misses", isMissedMap(gate("config-missing", "Back-off"), map("ConfigMap", "words"))],
  ])("is %s", (_, isIt) => expect(isIt).toBe(false));
});
