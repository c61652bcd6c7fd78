import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import type { Grounds } from "../../src/guards/grounds.ts";
import { isMountedFile } from "../../src/guards/mounted-file.ts";

const OBJECT = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };

/** A container with a ConfigMap's files in /etc/web. */
function objects(data: JsonObject, mount: JsonObject = {}): KubeObject[] {
  const container = { name: "web", volumeMounts: [{ name: "config", mountPath: "/etc/web/", ...mount }] };
  const spec = { template: { spec: { containers: [container], volumes: [{ name: "config", configMap: { name: "web-config" } }] } } };
  return [
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" }, spec },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web-config", namespace: "shop" }, data },
  ];
}

function isMeant(before: string, after: string, rendered = objects({ "config.yaml": "", "README.md": "" })): boolean {
  return isMountedFile({ input: { rendered }, object: OBJECT } as unknown as Grounds, before, after);
}

describe("the only file of its kind in a folder", () => {
  test("takes the place of one that is not there", () => {
    expect(isMeant("-config=/etc/web/web.yaml", "-config=/etc/web/config.yaml")).toBe(true);
    expect(isMeant("/etc/web/web.yaml", "/etc/web/config.yaml")).toBe(true);
  });

  test.each([
    ["of one that is there", isMeant("/etc/web/README.md", "/etc/web/config.yaml")],
    ["of one of another kind", isMeant("/etc/web/web.json", "/etc/web/config.yaml")],
    ["in another folder", isMeant("/etc/other/web.yaml", "/etc/other/config.yaml")],
    ["with something beside it", isMeant("-config=/etc/web/web.yaml", "-config=/etc/web/config.yaml -debug")],
    ["where there are two", isMeant("/etc/web/web.yaml", "/etc/web/config.yaml", objects({ "config.yaml": "", "other.yaml": "" }))],
    ["where one file alone is mounted", isMeant("/etc/web/web.yaml", "/etc/web/config.yaml", objects({ "config.yaml": "" }, { subPath: "config.yaml" }))],
  ])("does not %s", (_, judged) => expect(judged).toBe(false));
});
