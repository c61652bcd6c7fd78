import { describe, expect, test } from "vitest";
import { refusal } from "../../src/diagnosis/playbook/apply/refusal.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { propose } from "../../src/diagnosis/propose.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf, hasHelm } from "./case.ts";

describe("what server-side apply says of values of a wrong type", () => {
  test.each([
    ["on one line", "failed to create typed patch object (shop/a; apps/v1, Kind=Deployment): .spec.replicas: expected numeric, got string", ["spec.replicas"]],
    [
      "on a line of its own",
      "(shop/a; apps/v1, Kind=Deployment): errors:\n  .spec.paused: expected boolean, got 1\n  .spec.x[0].name: expected string, got 0",
      ["spec.paused", "spec.x[0].name"],
    ],
  ])("is read %s", (_, message, fields) => expect(refusal(message)?.fields ?? []).toEqual(fields));
});

test.skipIf(!hasHelm)("a list where the chart reads a map becomes the map that it was, and the release of the same commit stays", async () => {
  const input = await caseOf(loadRecording("shop-846"));
  const found = input && consultPlaybook(input)[0]?.finding;
  if (!input || found?.action.kind !== "fix") throw new Error("no fix was found");
  const proposed = await propose(input, { ...found, action: found.action });
  const text = proposed.kind === "proposed" ? proposed.proposal.files?.[0]?.text : undefined;
  expect(text?.slice(text.indexOf("  values:"))).toBe("  values:\n    image:\n      tag: 1.4.2\n    env:\n      REQUIRED_ENV: HARBOUR\n      HARBOUR: north\n");
});
