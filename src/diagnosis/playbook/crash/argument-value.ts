import { type Json, listAt } from "../../../cluster/objects.ts";
import type { Finding } from "../../diagnosis.ts";
import { containerOf } from "../../workload.ts";
import { CONFIDENCE, place, restoring, shown } from "../entry.ts";
import { type CrashCase, withLine } from "./crash-case.ts";

/** How parsers of arguments say that an option has no value: Go, getopt, argparse, clap, click. */
const LACKS =
  /(?:flag|option|argument|switch) (?:\S{1,60} )?(?:needs|requires) an? (?:argument|value|parameter)|expected (?:one|at least one|1) argument|a value is required for|missing (?:an? )?(?:argument|value) (?:for|to) (?:the )?(?:option|flag|argument)|(?:option|flag) \S{1,60} requires (?:an? )?(?:argument|value)/i;

/** An option stands without the value that it had, and the program says so by its name: the value comes back behind it, and all else stays. */
export function argumentValueGone(crashCase: CrashCase): Finding | undefined {
  const { log, found, past, statement } = crashCase;
  const then = past?.from === "revision" ? containerOf(past.object, found.name)?.value : undefined;
  const line = log.findLast(({ text }) => LACKS.test(text.slice(0, 500)));
  if (!past || !then || !line) return undefined;
  const back = (["args", "command"] as const).flatMap((field) => {
    const [before, today] = [listAt(then, field), listAt(found.value, field)];
    return today.flatMap((option, i) => {
      const value = names(line.text, option) && isBare(today, i) ? valueBehind(before, option) : undefined;
      return value === undefined ? [] : [{ field, option, value, today, list: [...today.slice(0, i + 1), value, ...today.slice(i + 1)] }];
    });
  });
  const [only, ...more] = back;
  if (!only || more.length > 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} gets ${shown(only.option)} without the value ${shown(only.value)} that it had.`;
  const said = withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely });
  return restoring(said, past, [{ path: [...found.path, only.field], before: only.list, after: [...only.today] }]);
}

function isOption(item: Json | undefined): boolean {
  return typeof item === "string" && /^--?[A-Za-z]/.test(item);
}

/** Nothing stands behind the option, or the next one. */
function isBare(list: readonly Json[], i: number): boolean {
  return isOption(list[i]) && (list[i + 1] === undefined || isOption(list[i + 1]));
}

/** What stood behind the option, which was there once. */
function valueBehind(list: readonly Json[], option: Json): Json | undefined {
  const at = list.indexOf(option);
  return at < 0 || list.indexOf(option, at + 1) >= 0 || isOption(list[at + 1]) ? undefined : list[at + 1];
}

/** By its whole name; getopt leaves out the dash of a single letter. */
function names(text: string, option: Json): boolean {
  const name = String(option).replaceAll(/[^\w]/g, "\\$&");
  const letter = /^-([A-Za-z])$/.exec(String(option))?.[1];
  const start = text.slice(0, 500);
  return new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(start) || (letter !== undefined && new RegExp(`-- '?${letter}'?\\s*$`).test(start));
}
