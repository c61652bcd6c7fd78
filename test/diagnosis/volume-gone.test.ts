import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const CACHE = "- {name: cache, emptyDir: {}}";
const MOUNT = "            - {name: cache, mountPath: /cache}\n";

interface Told {
  /** The volume of the last good revision, and what stands in its place. */
  volume?: string;
  left?: string;
  mounts?: { before?: string; after?: string };
  /** What else is rendered, then. */
  beside?: string;
}

/** shop-946, whose container mounts a volume that went. */
async function putBack({ volume = CACHE, left = "", mounts = {}, beside = "" }: Told): Promise<unknown> {
  const recording = loadRecording("shop-946");
  const path = "deploy/deployment.yaml";
  const [before, after] = [recording.before[path] ?? "", recording.after[path] ?? ""];
  const files = {
    before: { ...recording.before, [path]: before.replace(CACHE, volume).replace(MOUNT, mounts.before ?? MOUNT), "deploy/beside.yaml": beside },
    after: { ...recording.after, [path]: `${after.replace(MOUNT, mounts.after ?? MOUNT)}${left === "" ? "" : `      volumes:\n        ${left}\n`}` },
  };
  const input = await caseOf({ ...recording, ...files });
  const found = input && consultPlaybook(input)[0]?.finding;
  return found?.action.kind === "fix" ? found.action.changes.map(({ after: value }) => value) : found?.action.kind;
}

const SETTINGS = "- {name: cache, configMap: {name: grape-settings}}";
const MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: grape-settings}\ndata: {a: b}\n";

describe("a volume that went while a container still mounts it as before", () => {
  test("comes back", async () => expect(await putBack({})).toEqual([[{ name: "cache", emptyDir: {} }]]));
  test("is followed to the name that it has now", async () => expect(await putBack({ left: "- {name: caches, emptyDir: {}}" })).toEqual(["caches"]));
  test("comes back beside others", async () => {
    expect(await putBack({ volume: `${CACHE}\n        - {name: tmp, emptyDir: {}}`, left: "- {name: tmp, emptyDir: {}}" })).toEqual([
      { name: "cache", emptyDir: {} },
    ]);
  });
  test("comes back without those that nothing mounts", async () => {
    expect(await putBack({ volume: `${CACHE}\n        - {name: tmp, emptyDir: {}}` })).toEqual([[{ name: "cache", emptyDir: {} }]]);
  });

  test.each<[string, Told]>([
    ["one of its mounts went as well", { mounts: { before: `${MOUNT}            - {name: cache, mountPath: /var/cache}\n` } }],
    ["what it held went too", { volume: SETTINGS, beside: MAP }],
    ["it is a folder of the node", { volume: "- {name: cache, hostPath: {path: /var/cache}}" }],
  ])("is left to people where %s", async (_, told) => expect(await putBack(told)).toBe("escalate"));
});
