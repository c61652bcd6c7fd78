import { expect, test } from "vitest";
import { linesMoved } from "../../src/source/slips/moved-lines.ts";

const PATH = "releases/web.yaml";
const values = (depth: string, tag: string) => `image:\n${depth}repository: acme/web\n${depth}tag: ${tag}\nreplicas: 2\n`;

test("all lines that left their group together come back together", () => {
  expect(linesMoved({ path: PATH, text: values("", "1.4.2"), lastGood: values("  ", "1.4.1") }, "")).toContain(values("  ", "1.4.2"));
  expect(linesMoved({ path: PATH, text: values("", "1.4.2"), lastGood: values("  ", "1.4.1") }, "")).not.toContain(
    "image:\n  repository: acme/web\ntag: 1.4.2\nreplicas: 2\n",
  );
});
