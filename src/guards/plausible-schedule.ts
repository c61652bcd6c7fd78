// A schedule is five fields of cron's characters and runs no more often than before; deadlines are positive and grow at most
// by the operator's factor.
import type { Json } from "../cluster/objects.ts";
import type { FieldChange } from "../source/field-path.ts";
import { baselineOf, type Grounds, isFromHistory, type Objection, objection } from "./grounds.ts";

const RANGES: readonly [least: number, most: number][] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];
const NAMES = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)$/;

export function scheduleObjection(grounds: Grounds, change: FieldChange): Objection {
  const { after } = change;
  const field = change.path.at(-1);
  if (field === "timeZone") return after === undefined || isTimeZone(after) ? undefined : objection("time-zone", "This is no time zone of the IANA database.");
  if (field !== "schedule") return deadlineObjection(grounds, change);
  if (typeof after !== "string" || !isSchedule(after)) return objection("schedule", "The schedule is not five fields of cron.");
  if (isFromHistory(grounds, change)) return undefined;
  const before = baselineOf(grounds, change);
  return typeof before === "string" && perHour(after) > Math.max(perHour(before), 1)
    ? objection("schedule-more-often", "The job would run more often than before.")
    : undefined;
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

function isSchedule(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return text.length <= 100 && fields.length === 5 && fields.every((field, i) => field.split(",").every((part) => isPart(part, RANGES[i] ?? [0, 0])));
}

function isPart(part: string, [least, most]: readonly [number, number]): boolean {
  const [range = "", step, more] = part.toLowerCase().split("/");
  if (more !== undefined || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false;
  if (range === "*") return true;
  const ends = range.split("-");
  return ends.length <= 2 && ends.every((end) => NAMES.test(end) || (/^\d{1,2}$/.test(end) && Number(end) >= least && Number(end) <= most));
}

/** How many minutes of an hour the minute field names; a schedule that cannot be read counts as one. */
function perHour(schedule: string): number {
  const minute = schedule.trim().split(/\s+/)[0] ?? "";
  const [range = "", step = "1"] = minute.split("/");
  if (range === "*") return 60 / Math.max(Number(step) || 1, 1);
  return minute.split(",").length;
}
