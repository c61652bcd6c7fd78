import { expect, test } from "vitest";
import { textAt } from "../../src/cluster/objects.ts";
import { manifestsBeside } from "../../src/source/delivery/manifests-beside.ts";
import type { Workspace } from "../../src/source/workspace.ts";
import { treeOf } from "./tree.ts";

const manifest = (kind: string, name: string, more = "") => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${more}`;

/** A delivery that reads the folder `apps` of these files. */
function workspace(files: Record<string, string>): Workspace {
  const inputs = Object.keys(files).filter((path) => path.startsWith("apps/"));
  return { tree: treeOf(files), render: async () => ({ kind: "rendered", objects: [], inputs }) } as unknown as Workspace;
}

/** Kind and name of what is beside it, before and now. */
async function beside(then: Record<string, string>, now: Record<string, string>) {
  const { before, now: today } = await manifestsBeside(workspace(now), workspace(then));
  return [before, today].map((objects) => objects.map((object) => `${object.kind} ${textAt(object, "metadata", "name")}`));
}

test("what changed in files that other deliveries read", async () => {
  const same = { "infra/quota.yaml": manifest("ResourceQuota", "pods"), "README.md": "# Shop" };
  expect(
    await beside(
      { ...same, "infra/a.yaml": manifest("ConfigMap", "shared"), "apps/a.yaml": manifest("ConfigMap", "own") },
      { ...same, "infra/a.yaml": manifest("ConfigMap", "platform"), "apps/a.yaml": manifest("ConfigMap", "other") },
    ),
  ).toEqual([["ConfigMap shared"], ["ConfigMap platform"]]);
});

test("what is the same for several stages counts once, and templates are no manifests", async () => {
  const stages = (name: string) => ({
    "stage/a.yaml": manifest("Service", name),
    "prod/a.yaml": manifest("Service", name),
    "chart/templates/a.yaml": `{{ ${name} }}`,
  });
  expect(await beside(stages("stock"), stages("inventory"))).toEqual([["Service stock"], ["Service inventory"]]);
});

test("values of Secrets are not read", async () => {
  const { now } = await manifestsBeside(workspace({ "a.yaml": manifest("Secret", "login", "stringData: {password: only-for-tests}\n") }), workspace({}));
  expect(now).toEqual([{ apiVersion: "v1", kind: "Secret", metadata: { name: "login" }, data: { password: "" } }]);
});

test("nothing without a last good revision", async () => {
  expect(await manifestsBeside(workspace({ "a.yaml": manifest("Service", "stock") }), undefined)).toEqual({ before: [], now: [] });
});
