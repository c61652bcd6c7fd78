import { describe, expect, test } from "vitest";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const BASE = "base/deployment.yaml";
const MAPS = "base/kustomization.yaml";
const LIST = "overlays/prod/kustomization.yaml";
const patch = (spec: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: outbox\nspec:\n${spec}`;
const settings = (name: string, more = "") => `configMapGenerator:\n  - name: ${name}\n${more}    literals: [LOCALE=de]\n`;

/** Production has two patches for the workload, and more settings. */
const GOOD: Breakage = {
  "overlays/prod/replicas.yaml": patch("  replicas: 3\n"),
  "overlays/prod/deadline.yaml": patch("  progressDeadlineSeconds: 90\n"),
  [MAPS]: (text) => `${text}${settings("outbox-env")}`,
  [LIST]: (text) => `${text}patches:\n  - path: replicas.yaml\n  - path: deadline.yaml\n${settings("outbox-env", "    behavior: merge\n")}`,
};
const renamed: Breakage = { [BASE]: (text) => text.replace(/^ {2}name: outbox$/m, "  name: mailer") };

/** The lines that the fix changes. */
async function linesFor(breakage: Breakage): Promise<string[]> {
  const recording = broken("shop-28", {}, GOOD);
  const after = { ...recording.after };
  for (const [path, change] of Object.entries(breakage)) if (typeof change === "function") after[path] = change(after[path] ?? "");
  return (await play({ ...recording, after })).outcome.split("\n").slice(1);
}

describe.skipIf(RENDERERS.kind === "unavailable")("a workload that a commit renamed under its patches", () => {
  test("is followed by all of them", async () => {
    expect(await linesFor(renamed)).toEqual(["-   name: outbox", "+   name: mailer", "-   name: outbox", "+   name: mailer"]);
  });

  test("and its settings by theirs", async () => {
    const both: Breakage = { ...renamed, [MAPS]: (text) => text.replace("outbox-env", "mailer-env") };
    expect((await linesFor(both)).filter((line) => line.startsWith("+"))).toEqual(["+   name: mailer", "+   name: mailer", "+   - name: mailer-env"]);
  });

  test("but not where two came in its place", async () => {
    const second = (text: string) => text.replace("resources:\n", "resources:\n  - second.yaml\n");
    const lines = await linesFor({ ...renamed, [MAPS]: second, "base/second.yaml": () => patch("").replace("outbox", "second") });
    expect(lines.join("\n")).not.toContain("+   name: mailer");
  });
});
