import { expect, test } from "vitest";
import { builtLabel } from "../../src/diagnosis/playbook/apply/built-label.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const SAID = (value: string) =>
  `Deployment.apps "badges" is invalid: metadata.labels: Invalid value: "${value}": a valid label must be an empty string or consist of alphanumeric characters`;

test.each([
  ["a revision that is added where the chart is built is no fault that git shows", "badges+7131c61effeb", "escalate"],
  ["a value that git renders as it is refused is one", "bad badges", undefined],
])("%s", async (_, value, action) => {
  const input = await caseOf(loadRecording("shop-67"));
  expect(input && builtLabel(input, SAID(value))?.action.kind).toBe(action);
});
