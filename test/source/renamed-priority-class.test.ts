import { expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { renamedPriorityClass, renamedRuntimeClass } from "../../src/source/meant/renamed.ts";

function priorityClass(name: string, value: number, more: { globalDefault?: boolean } = {}): KubeObject {
  return { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name }, value, ...more } as KubeObject;
}

test("a priority class with another name is the same only with the same value for the same pods", () => {
  const then = [priorityClass("serving", 1000), priorityClass("background", 10)];
  const now = (...classes: KubeObject[]) => renamedPriorityClass(then, [...classes, priorityClass("background", 10)], "serving")?.to.metadata.name;
  expect(now(priorityClass("tier1", 1000))).toBe("tier1");
  expect(now(priorityClass("tier1", 1_000_000))).toBeUndefined();
  expect(now(priorityClass("tier1", 1000, { globalDefault: true }))).toBeUndefined();
  expect(now(priorityClass("tier1", 1000), priorityClass("tier2", 1000))).toBeUndefined();
});

test("of several that were renamed at once, each is what says the same", () => {
  const then = [priorityClass("serving", 1000), priorityClass("background", 10)];
  const now = [priorityClass("tier1", 1000), priorityClass("tier3", 10)];
  expect(renamedPriorityClass(then, now, "serving")?.to.metadata.name).toBe("tier1");
  expect(renamedPriorityClass(then, now, "background")?.to.metadata.name).toBe("tier3");
  expect(renamedPriorityClass([...then, priorityClass("batch", 10)], now, "background")).toBeUndefined();
});

test("so is a runtime class, with the same handler", () => {
  const runtimeClass = (name: string, handler: string): KubeObject => ({ apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name }, handler });
  const now = (name: string, handler: string) =>
    renamedRuntimeClass([runtimeClass("gvisor", "runsc")], [runtimeClass(name, handler)], "gvisor")?.to.metadata.name;
  expect(now("sandboxed", "runsc")).toBe("sandboxed");
  expect(now("sandboxed", "kata")).toBeUndefined();
});
