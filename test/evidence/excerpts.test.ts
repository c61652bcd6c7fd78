import { describe, expect, test } from "vitest";
import { keepHeadAndTail } from "../../src/evidence/budget.ts";
import { knownImages } from "../../src/evidence/known-images.ts";
import { logExcerpt, withoutTimestamps } from "../../src/evidence/log-excerpt.ts";
import { endOfRecording } from "../incident/world.ts";

const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `request ${from + i} served`);

describe("of a long log", () => {
  test("the lines around the first error are kept, and the last ones", () => {
    const log = [...lines(1, 20), "ERROR no such table: orders", ...lines(21, 60)].join("\n");
    expect(logExcerpt(log, 3)).toMatchInlineSnapshot(`
      "request 18 served
      request 19 served
      request 20 served
      ERROR no such table: orders
      request 21 served
      request 22 served
      request 23 served
      [… 34 lines left out …]
      request 58 served
      request 59 served
      request 60 served"
    `);
  });

  test("a line that repeats is told once", () => {
    expect(logExcerpt("starting\nretrying\nretrying\nretrying\ngave up")).toMatchInlineSnapshot(`
      "starting
      retrying
      [… the same line 2 more times …]
      gave up"
    `);
  });

  test("the container runtime's timestamps go, the program's stay", () => {
    expect(withoutTimestamps("2026-11-22T22:12:13.747354073Z time=2026-11-22T22:12:13Z level=INFO")).toBe("time=2026-11-22T22:12:13Z level=INFO");
  });
});

test("a text that is too long keeps its head and its tail", () => {
  const text = lines(1, 100).join("\n");
  const kept = keepHeadAndTail(text, 200);
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(200);
  expect(kept).toMatchInlineSnapshot(`
    "request 1 served
    request 2 served
    request 3 served
    request 4 served
    request 5 served
    [… 1653 bytes left out …]
    request 98 served
    request 99 served
    request 100 served"
  `);
});

test("a text is not cut inside a character", () => {
  expect(keepHeadAndTail("ä".repeat(500), 200)).not.toContain("\u{fffd}");
});

describe("images known to work", () => {
  test("are those of ready pods, not the one that cannot be pulled, wherever it is written", () => {
    const observation = endOfRecording("shop-01");
    const rendered = observation.objects.filter(({ kind }) => kind === "Deployment");
    expect(knownImages(observation, [rendered])).toEqual(["acme/checkout:1.4.1"]);
  });

  test("are those of other rendered objects too", () => {
    const other = {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "x" },
      spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: "x", image: "acme/report:2.0.0" }] } } } } },
    };
    expect(knownImages(endOfRecording("shop-01"), [[other]])).toEqual(["acme/checkout:1.4.1", "acme/report:2.0.0"]);
  });
});
