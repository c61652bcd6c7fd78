import { describe, expect, test } from "vitest";
import { fixOf, withoutOldPods } from "./recorded-fix.ts";
import { broken, RENDERERS } from "./unrenderable.ts";

const LIST = "deploy/kustomization.yaml";
const FILE = "deploy/theme.json";
const GENERATED = "resources: [deployment.yaml, service.yaml]\nconfigMapGenerator:\n  - name: badges-conf\n    files: [theme.json]\n";
const GOOD = '{\n  "name": "light",\n  "logo": "/static/logo.svg"\n}\n';

/** The file of a generated ConfigMap changes; what the program says of it. */
async function outcome(now: string, says: string): Promise<string[]> {
  const recording = broken("shop-67", { [FILE]: now }, { [LIST]: GENERATED, [FILE]: GOOD });
  const line = `2026-11-23T00:24:54.494470410Z ${says}\n`;
  const logs = Object.fromEntries(Object.entries(recording.logs).map(([pod, log]) => [pod, pod.startsWith("badges-5cc4") ? line : log]));
  return fixOf({ ...withoutOldPods(recording, '"mountPath":"/etc/shop"'), logs });
}

describe.skipIf(RENDERERS.kind === "unavailable")("a file of a generated ConfigMap that a program cannot read since a line of it changed", () => {
  const says = "json.decoder.JSONDecodeError: /etc/shop/theme.json: Expecting ',' delimiter: line 3 column 3";

  test("is mended, and what the line says now stays", async () => {
    expect(await outcome(GOOD.replace('"light",', '"dark"'), says)).toEqual(["crash-on-start", '- "name": "dark"', '+ "name": "dark",']);
  });

  test("is not mended by a guess where two lines have a slip", async () => {
    const fix = await outcome(GOOD.replace('"light",', '"dark"').replace('logo.svg"', "dark.svg"), says);
    expect(fix).not.toContain('+ "name": "dark",');
  });
});
