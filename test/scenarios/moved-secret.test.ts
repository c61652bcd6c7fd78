import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { movedReference } from "../../src/source/meant/moved-reference.ts";
import { renamedSecretKey } from "../../src/source/meant/renamed-secret.ts";
import { loadRecording } from "../world/recording.ts";
import { fixOf } from "./recorded-fix.ts";

const READS = (name: string) => `          envFrom: [{secretRef: {name: ${name}}}]\n`;

/** In shop-05 a ConfigMap went that the Deployment still reads; here it is a Secret that is not in git, and others who read it. */
async function fixFor(others: Record<string, [then: string, now: string]>): Promise<string[]> {
  const recording = loadRecording("shop-05");
  const own = (recording.after["deploy/deployment.yaml"] ?? "").replace(/ +envFrom:\n.*\n.*\n/, READS("cart-settings"));
  const files = (at: 0 | 1) => {
    const more = Object.entries(others).map(([name, reads]) => {
      const text = own.replace(/^ {2}name: .*$/m, `  name: ${name}`).replace(READS("cart-settings"), READS(reads[at]));
      return [`deploy/${name}.yaml`, text];
    });
    const { "deploy/settings.yaml": _, ...rest } = recording.after;
    const released = at === 0 ? own.replace("checkout:1.4.2", "checkout:1.4.1") : own;
    return { ...rest, "deploy/deployment.yaml": released, ...Object.fromEntries(more) };
  };
  const objects: KubeObject[] = JSON.parse(JSON.stringify(recording.objects).replaceAll("configmap \\", "secret \\"));
  return fixOf({ ...recording, objects, before: files(0), after: files(1) });
}

describe("a Secret that is not in git is known by who reads it", () => {
  test("one forgotten follows where all others went", async () => {
    expect(await fixFor({ second: ["cart-settings", "storefront"] })).toEqual([
      "secret-missing",
      "- envFrom: [{secretRef: {name: cart-settings}}]",
      "+ envFrom: [{secretRef: {name: storefront}}]",
    ]);
  });

  test.each<[string, Record<string, [string, string]>]>([
    ["where nobody went", { second: ["cart-settings", "cart-settings"] }],
    ["where they do not agree", { second: ["cart-settings", "storefront"], third: ["cart-settings", "backoffice"] }],
    ["where others read another one before", { second: ["storefront", "backoffice"] }],
  ])("but not %s", async (_, others) => {
    expect((await fixFor(others))[0]).toMatch(/^people/);
  });

  test("so is a ConfigMap, in a volume", () => {
    const reads = (name: string): KubeObject => ({
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } },
      spec: { template: { spec: { volumes: [{ name: "conf", configMap: { name } }] } } },
    });
    expect(movedReference([reads("old")], [reads("new")], { kind: "ConfigMap", name: "old", namespace: "" })).toBe("new");
    expect(movedReference([reads("old")], [reads("new")], { kind: "Secret", name: "old", namespace: "" })).toBeUndefined();
  });
});

describe("a key that an operator fetches under another name now", () => {
  const made = (keys: Record<string, string>): KubeObject => ({
    ...{ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata: { name: "db", namespace: "shop" } },
    spec: { data: Object.entries(keys).map(([secretKey, property]) => ({ secretKey, remoteRef: { key: "shop/db", property } })) },
  });
  const now = (keys: Record<string, string>) => renamedSecretKey([made({ password: "pw", user: "u" })], [made(keys)], "shop", { name: "db", key: "password" });

  test("is the one that comes from the same place", () => expect(now({ DB_PASSWORD: "pw", user: "u" })).toBe("DB_PASSWORD"));
  test("and none from elsewhere", () => expect(now({ DB_TOKEN: "token", user: "u" })).toBeUndefined());
  test("and none of two", () => expect(now({ DB_PASSWORD: "pw", DB_TOKEN: "token", user: "u" })).toBeUndefined());
});
