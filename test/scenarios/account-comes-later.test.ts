import { expect, test } from "vitest";
import { loadRecording } from "../world/recording.ts";
import { fixOf } from "./recorded-fix.ts";

test("an account that the delivery makes, and that is not there yet, is not taken back", async () => {
  const recording = loadRecording("shop-1433");
  const asked = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll(/serviceAccountName: .*/g, "serviceAccountName: node-agent")]));
  const live = JSON.stringify(recording.objects)
    .replaceAll(/(service account (?:shop-1433\/)?)agent\b/g, "$1node-agent")
    .replaceAll('serviceaccount \\"agent\\"', 'serviceaccount \\"node-agent\\"');
  const told = await fixOf({ ...recording, objects: JSON.parse(live), after: asked(recording.after) });
  expect(told).toEqual(["people: service-account-missing, this delivery makes that account, and what runs as it came first"]);
});
