import { expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

/** The Job of shop-33 under one name, as hooks have it, ended for its deadline two minutes after the revision before was delivered: only `spec` differs. */
async function wordsFor(before: string, after: string, kind: "deadline" | "backoff" = "deadline"): Promise<readonly string[] | string | undefined> {
  const recording = loadRecording("shop-33");
  const path = "deploy/job.yaml";
  const text = (recording.before[path] ?? "").replace("import-1", "import-2");
  const file = (spec: string) => ({ [path]: text.replace("backoffLimit: 1", spec) });
  const told = JSON.stringify(recording.objects).replaceAll("BackoffLimitExceeded", "DeadlineExceeded");
  const objects = kind === "deadline" ? JSON.parse(told) : recording.objects;
  const input = await caseOf({ ...recording, objects, before: file(before), after: file(after) });
  const action = input && consultPlaybook(input)[0]?.finding.action;
  return action?.kind === "fix" ? action.words : action?.kind;
}

test("a deadline that the last commit lowered goes back, though nothing of the pods changed", async () => {
  expect(await wordsFor("activeDeadlineSeconds: 120", "activeDeadlineSeconds: 5")).toEqual([
    "Set spec.activeDeadlineSeconds of Job shop-33/import-2 from 5 to 120, as at 93cd64f6, the last good revision",
  ]);
});

test("a deadline that is new goes away again", async () => {
  expect(await wordsFor("backoffLimit: 1", "activeDeadlineSeconds: 5")).toEqual([
    "Remove spec.activeDeadlineSeconds of Job shop-33/import-2 (5), as at 93cd64f6, the last good revision",
  ]);
});

test.each([
  ["that was raised", "activeDeadlineSeconds: 5", "activeDeadlineSeconds: 60", "deadline" as const],
  ["that stayed", "activeDeadlineSeconds: 5\n  backoffLimit: 1", "activeDeadlineSeconds: 5\n  backoffLimit: 2", "deadline" as const],
  ["that was lowered does not end a Job whose pods fail", "activeDeadlineSeconds: 120", "activeDeadlineSeconds: 60", "backoff" as const],
])("a deadline %s is for people", async (_, before, after, kind) => {
  expect(await wordsFor(before, after, kind)).toBe("escalate");
});
