import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { takenFromMap } from "../../src/source/meant/taken-from-map.ts";
import { loadRecording } from "../world/recording.ts";
import { fixOf } from "./recorded-fix.ts";

describe("a hook takes its variables from a ConfigMap that the sync makes only after it", () => {
  const recording = loadRecording("shop-1768");

  test("they are written out again", async () => {
    expect(await fixOf(recording)).toEqual([
      "config-missing",
      "- envFrom:",
      "- - configMapRef:",
      "- name: orders-database",
      "+ - name: DATABASE_URL",
      "+ value: postgres://orders@10.20.0.5/orders",
    ]);
  });

  test.each([
    ["says something else", "10.20.0.5/orders", "10.20.0.6/orders"],
    ["says more", "\ndata:\n", "\ndata:\n  POOL: '5'\n"],
  ])("but not where the map %s", async (_, from, to) => {
    const file = "deploy/settings.yaml";
    const after = { ...recording.after, [file]: (recording.after[file] ?? "").replace(from, to) };
    expect((await fixOf({ ...recording, after }))[0]).toMatch(/^people/);
  });
});

describe("what was written out, and comes from one map now", () => {
  const url = { name: "URL", value: "http://x" };
  const map = { metadata: { name: "web-env" }, data: { URL: "http://x" } };
  const from = (...names: string[]): Json => ({ envFrom: names.map((name) => ({ configMapRef: { name } })) });

  test("is every variable of it", () => expect(takenFromMap({ env: [url] }, from("web-env"), map)).toEqual([url]));
  test("and not with another source beside it", () => expect(takenFromMap({ env: [url] }, from("web-env", "more"), map)).toBeUndefined());
  test("and not where it was read from elsewhere", () => {
    expect(takenFromMap({ env: [{ name: "URL", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] }, from("web-env"), map)).toBeUndefined();
  });
});
