import { expect, test } from "vitest";
import { fixOf, withoutOldPods } from "../scenarios/recorded-fix.ts";
import { broken } from "../scenarios/unrenderable.ts";

const PROGRAM = "deploy/mailing.yaml";
const MAP = "deploy/limits.yaml";
const limits = (size: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits}\ndata:\n  PAGE_SIZE: "${size}"\n  COLOUR: "${size}"\n`;

/** The program of shop-963 reads its page size from a ConfigMap whose values changed. */
function outcome(reference: string, says: string): Promise<string[]> {
  const reads = (text: string) => text.replace(/envFrom:\n.*\n.*\n.*optional: true/, reference);
  const good = { [PROGRAM]: reads, [MAP]: limits("20") };
  const recording = withoutOldPods(broken("shop-963", { [MAP]: limits("many"), "README.md": "# Sprint 41\n" }, good), '"mailing-smtp"');
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-29T05:30:21.000000000Z level=ERROR msg="${says}"\n`]));
  return fixOf({ ...recording, logs });
}

const FIX = ["crash-on-start", '- PAGE_SIZE: "many"', '+ PAGE_SIZE: "20"'];

test("a setting behind a prefix is known by that name", async () => {
  expect(await outcome("envFrom: [{prefix: MAIL_, configMapRef: {name: limits}}]", "invalid MAIL_PAGE_SIZE: no number")).toEqual(FIX);
});

test("and not by another prefix", async () => {
  expect(await outcome("envFrom: [{prefix: MAIL_, configMapRef: {name: limits}}]", "invalid POST_PAGE_SIZE: no number")).not.toEqual(FIX);
});
