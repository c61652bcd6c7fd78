import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { goesBack } from "../../src/source/meant/goes-back.ts";

function workload(args: string[], env: Json = []): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop" }, spec: { template: { spec: { containers: [{ name: "shop", args, env }] } } } };
}

const map = (name: string, data: Json): KubeObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
const reads = (name: string): KubeObject => workload(["serve"], [{ name: "MAP", value: name }]);

describe("what goes back", () => {
  test.each<[string, KubeObject[], KubeObject[], KubeObject[], number]>([
    ["an argument, beside one that is new", [workload(["a", "b", "new=2"])], [workload(["a", "c", "new=2"])], [workload(["a", "c", "new=1"])], 1],
    ["an item of a list that is longer now", [workload(["a", "new"])], [workload(["a", "b", "new"])], [workload(["a", "b"])], 1],
    ["an object", [workload([])], [workload([]), map("a", { A: "1" })], [workload([]), map("a", { A: "1" })], 1],
    [
      "a key of a map whose name follows its content",
      [map("a-2456789bcd", {}), reads("a-2456789bcd")],
      [map("a-fghkmt2456", { A: "1" }), reads("a-fghkmt2456")],
      [map("a-bcdfghkmt2", { A: "1", B: "old" }), reads("a-bcdfghkmt2")],
      1,
    ],
  ])("is %s", (_, now, after, lastGood, count) => expect(goesBack(now, after, lastGood)).toHaveLength(count));

  test.each<[string, KubeObject[], KubeObject[], KubeObject[]]>([
    ["where nothing differs", [workload(["a"])], [workload(["a"])], [workload(["b"])]],
    ["where a value is a third one", [workload(["a"])], [workload(["c"])], [workload(["b"])]],
    ["where an argument comes that never was", [workload(["a"])], [workload(["a", "b", "c"])], [workload(["a", "b"])]],
    ["where an argument goes that always was", [workload(["a", "b"])], [workload(["c"])], [workload(["a", "b", "c"])]],
    ["where an object is another one than it was", [], [map("a", { A: "2" })], [map("a", { A: "1" })]],
    ["where an object vanishes", [workload([]), map("a", {})], [workload([])], [workload([])]],
    [
      "where one thing goes back and another does not",
      [workload(["a"]), map("m", { A: "2" })],
      [workload(["b"]), map("m", { A: "3" })],
      [workload(["b"]), map("m", { A: "1" })],
    ],
    [
      "where a field goes that came",
      [workload([]), map("m", { A: "1", B: "new" })],
      [workload([]), map("m", { A: "1" })],
      [workload([]), map("m", { A: "1" })],
    ],
  ])("is nothing %s", (_, now, after, lastGood) => expect(goesBack(now, after, lastGood)).toBeUndefined());
});
