import { expect, test } from "vitest";
import { blockClosed } from "../../src/source/slips/template-blocks.ts";

const PATH = "chart/templates/service.yaml";
const SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n";

test("a condition before everything ends behind everything", () => {
  const text = `{{- if .Values.service.enabled }}\n${SERVICE}`;
  expect(blockClosed({ path: PATH, text, lastGood: SERVICE })).toBe(`${text}{{- end }}\n`);
});

test("one in the middle, with nothing of its own, ends nobody knows where", () => {
  const text = SERVICE.replace("metadata", "{{- if .Values.service.enabled }}\nmetadata");
  expect(blockClosed({ path: PATH, text, lastGood: SERVICE })).toBeUndefined();
});
