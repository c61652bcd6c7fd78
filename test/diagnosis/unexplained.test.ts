import { expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

/** In shop-31 one commit changed two variables, and the program ends with a panic that names neither. */
async function actionOf(logs: "with its log" | "without its log") {
  const recording = loadRecording("shop-31");
  const input = await caseOf(logs === "with its log" ? recording : { ...recording, logs: {} });
  if (!input) throw new Error("nothing fails");
  const { finding } = consultPlaybook(input)[0] ?? {};
  return [finding?.action.kind, finding?.confidence];
}

test("a program's error after a change of how it runs: the change is taken back, without much confidence", async () => {
  expect(await actionOf("with its log")).toEqual(["fix", 0.65]);
});

test("where no log can be read and several things changed, people decide", async () => {
  expect(await actionOf("without its log")).toEqual(["escalate", 0.5]);
});
