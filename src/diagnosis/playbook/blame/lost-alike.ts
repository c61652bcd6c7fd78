import { isCut } from "../../../evidence/budget.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { plain } from "../../near-match.ts";
import type { CrashCase } from "../crash/crash-case.ts";

interface GoneVariable {
  name: string;
  difference: FieldChange;
}

/**
 * What went with the variables that are missed, and no line of the commits took away: a list of values that another one replaced gave them all. The program names
 * one at a time.
 */
export function lostAlike({ input }: CrashCase, missed: readonly string[], gone: readonly GoneVariable[]): GoneVariable[] {
  const diffs = input.evidence.items.filter(({ kind }) => kind === "git-diff");
  // Values often have a variable's name in another habit: `databaseUrl` for `DATABASE_URL`.
  const removed = diffs.flatMap(({ text }) => text.split("\n").filter((line) => line.startsWith("-"))).map(plain);
  const isUnsaid = (name: string) => !removed.some((line) => line.includes(plain(name)));
  const others = gone.filter(({ name }) => !missed.includes(name));
  const isWhole = diffs.length > 0 && !diffs.some(({ text }) => isCut(text));
  return isWhole && [...missed, ...others.map(({ name }) => name)].every(isUnsaid) ? others : [];
}
