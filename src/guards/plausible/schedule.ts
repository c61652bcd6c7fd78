// A schedule is five fields of cron's characters (or one of cron's names) and runs no more often than before; of one that could not be read, every field that
// could stays. Deadlines are positive and grow at most by the operator's factor. A time zone is corrected to a near one.
import type { Json } from "../../cluster/objects.ts";
import type { FieldChange } from "../../source/edit/field-path.ts";
import { baselineOf, type Grounds, isFromHistory, type Objection, objection } from "../grounds.ts";
import { isNearName } from "../nearness.ts";
import { isTold } from "../told-values.ts";

const RANGES: readonly [least: number, most: number][] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];
const NAMES = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)$/;
/** Cron's names for schedules, as Kubernetes takes them (robfig/cron). */
const MACROS: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

export function scheduleObjection(grounds: Grounds, change: FieldChange): Objection {
  const field = change.path.at(-1);
  if (field === "timeZone") return zoneObjection(grounds, change);
  if (field !== "schedule") return deadlineObjection(grounds, change);
  const { after } = change;
  const fields = typeof after === "string" ? fieldsOf(after) : undefined;
  if (typeof after !== "string" || !fields) return objection("schedule", "The schedule is not five fields of cron.");
  if (isFromHistory(grounds, change) || isTold(grounds, change)) return undefined;
  const before = baselineOf(grounds, change);
  if (typeof before !== "string") return undefined;
  const old = fieldsOf(before);
  if (!old) return isMended(before, after, fields) ? undefined : objection("schedule-changed", "More changes than what made the schedule unreadable.");
  return perYear(fields) > perYear(old) ? objection("schedule-more-often", "The job would run more often than before.") : undefined;
}

/** Empty, as a sentence of its own: the zone of the controller holds. */
function zoneObjection(grounds: Grounds, change: FieldChange): Objection {
  const { after } = change;
  if (isFromHistory(grounds, change)) return undefined;
  if (typeof after !== "string" || !isTimeZone(after)) return objection("time-zone", "This is no time zone of the IANA database.");
  if (isTold(grounds, change)) return undefined;
  const before = baselineOf(grounds, change);
  return typeof before === "string" && (isNearName(before, after) || before.toLowerCase() === after.toLowerCase())
    ? undefined
    : objection("time-zone", "This is no likely correction of the time zone.");
}

function deadlineObjection(grounds: Grounds, change: FieldChange): Objection {
  const { after } = change;
  if (isFromHistory(grounds, change)) return undefined;
  const before = baselineOf(grounds, change);
  const most = typeof before === "number" ? Math.floor(before * grounds.input.bounds.deadlineFactor) : 3600;
  return typeof after === "number" && Number.isInteger(after) && after > 0 && after <= most
    ? undefined
    : objection("deadline", `A deadline must be from 1 to ${most} seconds.`);
}

function isTimeZone(value: Json): boolean {
  return typeof value === "string" && Intl.supportedValuesOf("timeZone").concat("UTC", "Etc/UTC").includes(value);
}

/** The five fields, of a name those that it stands for; undefined for anything else. */
function fieldsOf(text: string): string[] | undefined {
  if (text.length > 100) return undefined;
  const fields = (MACROS.get(text.trim()) ?? text).trim().split(/\s+/);
  return fields.length === 5 && fields.every((field, i) => isField(field, i)) ? fields : undefined;
}

function isField(field: string, position: number): boolean {
  return field.split(",").every((part) => isPart(part, RANGES[position] ?? [0, 0]));
}

function isPart(part: string, [least, most]: readonly [number, number]): boolean {
  const [range = "", step, more] = part.toLowerCase().split("/");
  if (more !== undefined || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false;
  if (range === "*" || range === "?") return true;
  const ends = range.split("-");
  return ends.length <= 2 && ends.every((end) => NAMES.test(end) || (/^\d{1,2}$/.test(end) && Number(end) >= least && Number(end) <= most));
}

/**
 * Whether `after` is the unreadable schedule with only its unreadable fields corrected, with hour and minute in each other's place, or with a field for seconds
 * or years left out.
 */
function isMended(before: string, after: string, fields: readonly string[]): boolean {
  const old = before.trim().split(/\s+/);
  if (old.length === 1) return isNearName(before, after);
  if (old.length === 6) return [old.slice(1), old.slice(0, 5)].some((five) => five.join(" ") === fields.join(" "));
  const [minute = "", hour = "", ...rest] = old;
  if (!isField(hour, 1) && [hour, minute, ...rest].join(" ") === fields.join(" ")) return [minute, hour].every((field) => /^\d{1,2}$/.test(field));
  return (
    old.length === 5 && old.every((field, i) => (isField(field, i) ? field === fields[i] : isNoMore(field, fields[i] ?? "", i))) && perYear(fields) <= 366 * 24
  );
}

/** Of a field that could not be read, as many values as it lists. */
function isNoMore(before: string, after: string, position: number): boolean {
  return before.includes("*") || counted(after, position) <= before.split(",").length;
}

/** About how often a schedule comes round in a year: minutes × hours × days that it names. */
function perYear([minute = "", hour = "", day = "", month = "", weekday = ""]: readonly string[]): number {
  const share = (field: string, position: number) => {
    const [least, most] = RANGES[position] ?? [0, 0];
    return Math.min(1, counted(field, position) / (position === 4 ? 7 : most - least + 1));
  };
  // Where both are named, cron takes either day.
  const open = (field: string) => field === "*" || field === "?";
  const days = open(day) || open(weekday) ? share(day, 2) * share(weekday, 4) : Math.min(1, share(day, 2) + share(weekday, 4));
  return counted(minute, 0) * counted(hour, 1) * 366 * days * share(month, 3);
}

/** How many values of its range a field names. */
function counted(field: string, position: number): number {
  const [least, most] = RANGES[position] ?? [0, 0];
  return field.split(",").reduce((sum, part) => {
    const [range = "", step = "1"] = part.toLowerCase().split("/");
    const [from = "", to] = range.split("-");
    const isOpen = range === "*" || range === "?" || NAMES.test(from);
    const width = isOpen
      ? NAMES.test(from)
        ? 1
        : most - least + 1
      : to === undefined
        ? part.includes("/")
          ? most - Number(from) + 1
          : 1
        : Number(to) - Number(from) + 1;
    return sum + Math.ceil(Math.max(width, 1) / Number(step));
  }, 0);
}
