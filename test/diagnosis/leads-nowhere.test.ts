import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import type { Finding } from "../../src/diagnosis/diagnosis.ts";
import type { CrashCase } from "../../src/diagnosis/playbook/crash/crash-case.ts";
import { leadsNowhere } from "../../src/diagnosis/playbook/crash/leads-nowhere.ts";
import type { FieldPath } from "../../src/source/edit/field-path.ts";

const METADATA = { name: "cart", namespace: "shop" };
const workload = (file: string, mountPath: string): KubeObject => {
  const container = { name: "cart", args: ["--config", file], volumeMounts: [{ name: "conf", mountPath }] };
  const spec = { containers: [container], volumes: [{ name: "conf", configMap: { name: "cart-conf" } }] };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: METADATA, spec: { template: { spec } } };
};
const map = (key: string): KubeObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { ...METADATA, name: "cart-conf" }, data: { [key]: "port: 8080" } });

/** A commit lets the program read /etc/cart/carts.yaml, and its ConfigMap have this key; whether it may read again what it read before. */
function isNowhere(key: string, { mounted = "/etc/cart", restores = true } = {}): boolean {
  const [then, now] = [workload("/etc/cart/app.yaml", "/etc/cart"), workload("/etc/cart/carts.yaml", mounted)];
  const path: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "cart" }];
  const value: Json = { name: "cart", volumeMounts: [{ name: "conf", mountPath: mounted }] };
  const input = { rendered: [now, map(key)], lastGood: { objects: [then, map("app.yaml")] }, observation: { surroundings: [] } };
  const crashCase = { input, now, past: { object: then, from: "revision", words: "" }, found: { name: "cart", path, value } } as unknown as CrashCase;
  const change = {
    object: { group: "apps", kind: "Deployment", ...METADATA },
    path: [...path, "args", 1],
    before: "/etc/cart/carts.yaml",
    after: "/etc/cart/app.yaml",
  };
  return leadsNowhere(crashCase, { action: { kind: "fix", changes: [change], words: [], ...(restores ? { restores } : {}) } } as unknown as Finding);
}

describe("what goes back to a file", () => {
  test("leads nowhere, where the map has it no more", () => expect(isNowhere("cart.yaml")).toBe(true));

  test.each([
    ["it is there still", isNowhere("app.yaml")],
    ["another volume may have it", isNowhere("cart.yaml", { mounted: "/etc/other" })],
    ["the finding puts nothing back", isNowhere("cart.yaml", { restores: false })],
  ])("and somewhere, where %s", (_, found) => expect(found).toBe(false));
});
