import { expect, test } from "vitest";
import { punctuated } from "../../src/source/slips/punctuation.ts";

const PATH = "deploy/web.yaml";
const document = (kind: string) => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: web\n`;

test("a document begins behind another one without the line between them", () => {
  expect(punctuated({ path: PATH, text: document("Service") + document("ConfigMap"), lastGood: document("Service") })).toContain(
    `${document("Service")}---\n${document("ConfigMap")}`,
  );
});

test("but not where the file says the version twice of one thing", () => {
  expect(punctuated({ path: PATH, text: `apiVersion: v1\n${document("Service")}`, lastGood: document("Service") })).toEqual([]);
});
