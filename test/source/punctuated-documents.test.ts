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

const image = (value: string) => `containers:\n  - name: web\n    image: ${value}\n`;

test.each([
  ["nginx: 1.27.3-alpine", "nginx:1.27.3-alpine"],
  ["registry.acme.io:5000/shop/web: 1.4.2", "registry.acme.io:5000/shop/web:1.4.2"],
])("an image %s loses its blank", (wrong, right) => {
  expect(punctuated({ path: PATH, text: image(wrong), lastGood: image("nginx:1.27.2") })).toEqual([image(right)]);
});

test.each([
  ["of before", image("nginx: 1.27.3"), image("nginx: 1.27.3")],
  ["with more behind it", image("nginx: 1.27.3 # new: yes"), image("nginx:1.27.2")],
  ["of another key", image("nginx:1").replace("name: web", "name: web: 1"), image("nginx:1")],
])("but not one %s", (_, text, lastGood) => expect(punctuated({ path: PATH, text, lastGood })).toEqual([]));

test("an operation of a JSON patch has a comma behind it, where another one follows", () => {
  const patch = (first: string) => `[\n  {"op": "add", "path": "/a", "value": 1}${first}\n  {"op": "remove", "path": "/b"}\n]\n`;
  const now = patch("").replace("1", "2");
  expect(punctuated({ path: "prod/patch.json", text: now, lastGood: patch(",") })).toEqual([patch(",").replace("1", "2")]);
  expect(punctuated({ path: "prod/patch.yaml", text: now, lastGood: patch(",") })).toEqual([]);
});
