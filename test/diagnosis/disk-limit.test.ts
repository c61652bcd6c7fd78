import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { identify } from "../../src/incident/identify.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

/** What the playbook says of pods that their own limit for disk throws out of their node: `limit` and `was` are the init container's, `said` is the kubelet's. */
async function said({ limit = "16Mi", was = "64Mi", message = "" }: { limit?: string; was?: string; message?: string }): Promise<unknown> {
  const recording: Recording = loadRecording("shop-845");
  const path = "deploy/deployment.yaml";
  const files = (all: Record<string, string>, size: string) => ({
    ...all,
    [path]: (all[path] ?? "").replace(/\{ephemeral-storage: \w+\}/, size === "" ? "{}" : `{ephemeral-storage: ${size}}`),
  });
  const retold =
    message === ""
      ? recording.objects
      : JSON.parse(JSON.stringify(recording.objects).replaceAll(/Pod ephemeral local storage usage exceeds the total limit of containers 16Mi\. /g, message));
  const input = await caseOf({ ...recording, objects: retold, before: files(recording.before, was), after: files(recording.after, limit) });
  const found = input && consultPlaybook(input)[0]?.finding;
  if (found?.action.kind !== "fix") return found?.action.kind;
  return found.action.changes.map(({ before, after }) => `${found.failureClass} ${found.target.container ?? "*"} ${String(before)} → ${String(after)}`);
}

describe("pods that use more disk than they may", () => {
  test("are no matter of their node, so that nobody waits for it", async () => {
    const input = await caseOf(loadRecording("shop-845"));
    expect(input && identify(input.observation)[0]?.symptoms.map(({ reason, decided }) => [reason, decided])).toEqual([["node", true]]);
  });

  test.each([
    ["of the pod", {}],
    ["of the container that is named", { message: 'Container index exceeded its local ephemeral storage limit \\"16Mi\\". ' }],
  ])("get back the limit that the commit lowered: %s", async (_, told) => expect(await said(told)).toEqual(["volume-mount index 16Mi → 64Mi"]));

  test("lose a limit that the commit brought", async () => expect(await said({ was: "" })).toEqual(["volume-mount index 16Mi → undefined"]));

  test.each([
    ["the limit was raised", { was: "8Mi" }],
    ["the limit is what it was", { was: "16Mi" }],
    ["another container is named", { message: 'Container fennel exceeded its local ephemeral storage limit \\"16Mi\\". ' }],
  ])("are left to people where %s", async (_, told) => expect(await said(told)).toBe("escalate"));
});
