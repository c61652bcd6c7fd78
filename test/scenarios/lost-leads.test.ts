import { describe, expect, test } from "vitest";
import { fixOf, withoutOldPods } from "./recorded-fix.ts";
import { broken, RENDERERS } from "./unrenderable.ts";

const LIST = "deploy/kustomization.yaml";

/** The manifests of shop-67 with a kustomization that changes; what the new pods say at their end. */
async function outcome(good: string, now: string, says: string): Promise<string[]> {
  const recording = broken("shop-67", { [LIST]: now }, { [LIST]: good });
  const line = `2026-11-23T00:24:54.494470410Z ${says}\n`;
  const logs = Object.fromEntries(Object.entries(recording.logs).map(([pod, log]) => [pod, pod.startsWith("badges-5cc4") ? line : log]));
  return fixOf({ ...withoutOldPods(recording, '"mountPath":"/etc/shop"'), logs });
}

const RESOURCES = "resources: [conf.yaml, deployment.yaml, service.yaml]\n";
const variables = (names: string[]) =>
  names.map((name) => `        - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: ${name}, value: "x"}}\n`).join("");
const targeted = (name: string, more = "") =>
  `${RESOURCES}${more}patches:\n  - target: {kind: Deployment, name: ${name}}\n    patch: |-\n${variables(["SHOP_ID", "SHOP_KEY"])}`;

describe.skipIf(RENDERERS.kind === "unavailable")("a patch of several variables that lost its object", () => {
  const says = 'level=ERROR msg="required environment variable is not set" name=SHOP_ID';

  test("gets it back, and not the one variable alone that the log names", async () => {
    expect(await outcome(targeted("badges"), targeted("badge", "commonAnnotations: {team: shop}\n"), says)).toEqual([
      "crash-on-start",
      "- - target: {kind: Deployment, name: badge}",
      "+ - target: {kind: Deployment, name: badges}",
    ]);
  });

  test("not for a complaint about something else", async () => {
    const played = await outcome(targeted("badges"), targeted("badge"), 'level=ERROR msg="license expired"');
    expect(played).toEqual([expect.stringMatching(/^people: /)]);
  });
});
