import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const RULE = join(import.meta.dirname, "..", "..", "lint", "no-approved-change-cast.grit");

const CASTS = [
  "export const a = {} as ApprovedChange;",
  "export const a = { files: [], digest: '' } as unknown as ApprovedChange;",
  "export const a = x as { change: ApprovedChange };",
  "export const a = x as ApprovedChange[];",
  "export const a = x as Extract<Verdict, { change: ApprovedChange }>;",
  "export const a = x as gate.ApprovedChange;",
  'export const a = x as import("./gate.ts").ApprovedChange;',
  "export const a = <ApprovedChange>x;",
  "export const a = Reflect.construct(ApprovedChange, [[]]);",
  "export const a = Object.create(ApprovedChange.prototype);",
  "export const a = x as Promise<ApprovedChange | undefined>;",
];
const HONEST = [
  "export const a: ApprovedChange = verdict.change;",
  "export const a = [1] as const;",
  "export function f(change: ApprovedChange): string { return change.digest; }",
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kube-autofix-lint-"));
  const linter = { rules: { preset: "none" } };
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ root: true, plugins: [RULE], linter }));
  CASTS.forEach((text, i) => {
    writeFileSync(join(folder, `cast-${i}.ts`), `${text}\n`);
  });
  HONEST.forEach((text, i) => {
    writeFileSync(join(folder, `honest-${i}.ts`), `${text}\n`);
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the linter says of the folder, one line a finding. */
function lint(): string {
  const { stdout, stderr } = spawnSync("biome", ["lint", "--max-diagnostics=100", "--reporter=github", "."], { cwd: folder, encoding: "utf8" });
  return `${stdout}\n${stderr}`;
}

describe("the lint rule about ApprovedChange", () => {
  test("finds every cast to it, and nothing else", () => {
    const found = [...lint().matchAll(/file=(?:[^,]*\/)?([\w-]+\.ts),/g)].map(([, file]) => file);
    expect([...new Set(found)].sort()).toEqual(CASTS.map((_, i) => `cast-${i}.ts`).sort());
  });
});
