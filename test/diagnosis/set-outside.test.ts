import { describe, expect, test } from "vitest";
import { fixOf, withoutOldPods } from "../scenarios/recorded-fix.ts";
import { type Breakage, broken } from "../scenarios/unrenderable.ts";

const PROGRAM = "deploy/mailing.yaml";
const release = (text: string) => text.replace("1.4.1", "1.4.2");
const reads = (reference: string) => (text: string) => text.replace(/- secretRef:\n.*\n.*optional: true/, `- ${reference}`);

/** The program of shop-963 reads a ConfigMap that somebody else made, and complains after a release. */
function outcome(says: string, reference: string, breakage: Breakage = { [PROGRAM]: release }): Promise<string[]> {
  const recording = withoutOldPods(broken("shop-963", breakage, { [PROGRAM]: reads(reference) }), '"mailing-smtp"');
  const objects = JSON.parse(JSON.stringify(recording.objects).replaceAll(/"secretRef":\{[^}]*\}/g, '"configMapRef":{"name":"limits"}'));
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "limits", namespace: "shop-963", uid: "limits" }, data: { PAGE_SIZE: "many" } };
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-29T05:30:21.000000000Z level=ERROR msg="${says}"\n`]));
  return fixOf({ ...recording, objects: [...objects, map], logs });
}

const SILENT = ["people: crash-on-start, ConfigMap limits is not in git"];

describe("a complaint about a setting of a ConfigMap that is not in git", () => {
  test.each([
    ["by its key", "PAGE_SIZE is no number: many", "configMapRef: {name: limits}"],
    ["behind a prefix", "MAIL_PAGE_SIZE is no number: many", "{prefix: MAIL_, configMapRef: {name: limits}}"],
  ])("%s is no fault of the release", async (_, says, reference) => expect(await outcome(`invalid value: ${says}`, reference)).toEqual(SILENT));

  test.each([
    ["of the key without its prefix", "invalid value: PAGE_SIZE is no number: many", "{prefix: MAIL_, configMapRef: {name: limits}}"],
    ["of another variable", "invalid value: PAGE_COUNT is no number: many", "configMapRef: {name: limits}"],
  ])("a complaint %s says nothing of it", async (_, says, reference) => expect(await outcome(says, reference)).not.toEqual(SILENT));

  test("one that the manifest sets itself is not read from there", async () => {
    const sets = (text: string) =>
      release(text).replace("            - name: SMTP_FROM", "            - {name: PAGE_SIZE, value: few}\n            - name: SMTP_FROM");
    expect(await outcome("invalid value: PAGE_SIZE is no number: few", "configMapRef: {name: limits}", { [PROGRAM]: sets })).not.toEqual(SILENT);
  });
});
