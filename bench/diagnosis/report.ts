import { type Judged, WORTH } from "./judge.ts";

export interface CaseResult extends Judged {
  way: string;
  case: string;
  answer: string;
  /** Failure class, or the answer where no class is expected. */
  group: string;
  error?: string;
}

export interface Row {
  way: string;
  group: string;
  cases: number;
  /** Shares, 0–1; undefined where no case of the group counts for them. */
  classRight: number | undefined;
  fixRight: number | undefined;
  minimal: number | undefined;
  abstention: number | undefined;
  wrong: number;
  other: number;
  /** Mean worth of the verdicts: a wrong fix counts −1. */
  score: number;
}

export interface Summary {
  rows: Row[];
  /** Each group weighs the same. */
  macro: Row[];
}

const FIX = "manifest fix";

export function summarise(results: readonly CaseResult[]): Summary {
  const ways = [...new Set(results.map(({ way }) => way))];
  const rows = ways.flatMap((way) => {
    const own = results.filter((result) => result.way === way);
    const groups = [...new Set(own.map(({ group }) => group))].sort();
    return groups.map((group) =>
      rowOf(
        way,
        group,
        own.filter((result) => result.group === group),
      ),
    );
  });
  return {
    rows,
    macro: ways.map((way) =>
      macroOf(
        way,
        rows.filter((row) => row.way === way),
      ),
    ),
  };
}

function rowOf(way: string, group: string, results: readonly CaseResult[]): Row {
  const fixes = results.filter(({ answer }) => answer === FIX);
  const others = results.filter(({ answer }) => answer !== FIX);
  return {
    way,
    group,
    cases: results.length,
    classRight: share(
      results.filter(({ classRight }) => classRight !== undefined),
      ({ classRight }) => classRight === true,
    ),
    fixRight: share(fixes, ({ verdict }) => verdict === "right"),
    minimal: share(
      results.filter(({ minimal }) => minimal !== undefined),
      ({ minimal }) => minimal === true,
    ),
    abstention: share(others, ({ verdict }) => verdict === "right"),
    wrong: results.filter(({ verdict }) => verdict === "wrong").length,
    other: results.filter(({ verdict }) => verdict === "other").length,
    score: mean(results.map(({ verdict }) => WORTH[verdict])) ?? 0,
  };
}

function macroOf(way: string, rows: readonly Row[]): Row {
  const over = (field: "classRight" | "fixRight" | "minimal" | "abstention" | "score") =>
    mean(rows.flatMap((row) => (row[field] === undefined ? [] : [row[field]])));
  const sum = (field: "cases" | "wrong" | "other") => rows.reduce((total, row) => total + row[field], 0);
  return {
    way,
    group: "all, each class alike",
    cases: sum("cases"),
    classRight: over("classRight"),
    fixRight: over("fixRight"),
    minimal: over("minimal"),
    abstention: over("abstention"),
    wrong: sum("wrong"),
    other: sum("other"),
    score: over("score") ?? 0,
  };
}

function share<T>(all: readonly T[], is: (one: T) => boolean): number | undefined {
  return all.length === 0 ? undefined : all.filter(is).length / all.length;
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface Report {
  skipped: { way: string; why: string }[];
  broken: { case: string; error: string }[];
  results: CaseResult[];
  summary: Summary;
}

/** Tables for a terminal: by class for each way, then the ways side by side. */
export function renderReport({ skipped, broken, results, summary }: Report, verbose: boolean): string {
  const ways = summary.macro.map(({ way }) => way);
  const tables = ways.map((way) => {
    const notable = results.filter((result) => result.way === way && (verbose || result.verdict !== "right" || result.classRight === false));
    const lines = notable.map(
      (result) => `  ${result.case} (${result.group}): ${result.verdict}${result.classRight === false ? ", wrong class" : ""}: ${result.detail.slice(0, 200)}`,
    );
    return [
      `${way}`,
      table(
        summary.rows.filter((row) => row.way === way),
        "class",
      ),
      ...lines,
    ].join("\n");
  });
  return [
    ...tables,
    [
      "The ways, each class weighing the same:",
      table(
        summary.macro.map((row) => ({ ...row, group: row.way })),
        "way",
      ),
    ].join("\n"),
    ...skipped.map(({ way, why }) => `skipped: ${way}: ${why}`),
    ...broken.map(({ case: name, error }) => `not read: ${name}: ${error}`),
  ].join("\n\n");
}

function table(rows: readonly Row[], name: string): string {
  const head = [name, "cases", "class right", "fix right", "minimal", "abstention", "wrong", "other", "score"];
  const body = rows.map((row) => [
    row.group,
    String(row.cases),
    percent(row.classRight),
    percent(row.fixRight),
    percent(row.minimal),
    percent(row.abstention),
    String(row.wrong),
    String(row.other),
    row.score.toFixed(2),
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((line) => line[i]?.length ?? 0)));
  return [head, ...body].map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")).join("\n");
}

function percent(value: number | undefined): string {
  return value === undefined ? "–" : `${Math.round(value * 100)} %`;
}
