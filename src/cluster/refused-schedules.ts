// Schedules that the API server refuses (robfig/cron, https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax), as they can be meant only.

/** Undefined where the complaint leaves more than one schedule. */
export function scheduleMeant(value: string, detail: string): string | undefined {
  return MENDED.map((mended) => mended(value.trim(), detail)).find((one) => one !== undefined);
}

type Mended = (value: string, detail: string) => string | undefined;

const MENDED: readonly Mended[] = [withoutSeconds, withFifthField, turned, atItsEnd, withDayNames, aroundTheClock, withoutZone, withDescriptor];

/** A sixth field in front, for seconds, that says nothing. */
function withoutSeconds(value: string, detail: string): string | undefined {
  const fields = fieldsOf(value);
  return /expected exactly 5 fields, found 6/.test(detail) && fields.length === 6 && fields[0] === "0" ? fields.slice(1).join(" ") : undefined;
}

/** A field is missing among those that are open: wherever it was left out, it is the same schedule. */
function withFifthField(value: string, detail: string): string | undefined {
  const [minute = "", hour = "", ...rest] = fieldsOf(value);
  const isOpen = rest.length === 2 && rest.every((field) => field === "*") && minute !== "*";
  return /expected exactly 5 fields, found 4/.test(detail) && isOpen ? [minute, hour, ...rest, "*"].join(" ") : undefined;
}

/** Hours and minutes in the order of a clock: `2 30` for half past two. `0 24` is midnight. */
function turned(value: string, detail: string): string | undefined {
  const [minute = "", hour = "", ...rest] = fieldsOf(value);
  const isRefused = /end of range \(\d{2}\) above maximum \(23\)/.test(detail) && rest.length === 3 && !(minute === "0" && hour === "24");
  const isClock = /^\d{2}$/.test(hour) && Number(hour) <= 59 && /^\d{1,2}$/.test(minute) && Number(minute) <= 23;
  return isRefused && isClock ? [hour, minute, ...rest].join(" ") : undefined;
}

/** The hour 24, the minute 60 and the seventh day, which begin anew at 0. */
function atItsEnd(value: string, detail: string): string | undefined {
  const fields = fieldsOf(value);
  const [, said = "", most = ""] = /end of range \((\d{1,2})\) above maximum \((\d{1,2})\)/.exec(detail) ?? [];
  const place = STARTS_ANEW.get(`${said}/${most}`);
  if (place === undefined || fields.length !== 5 || fields[place] !== said || (place === 1 && fields[0] !== "0")) return undefined;
  return fields.with(place, "0").join(" ");
}

/** Which field of a schedule the value and its maximum belong to: minute, hour and day of the week. */
const STARTS_ANEW: ReadonlyMap<string, number> = new Map([
  ["60/59", 0],
  ["24/23", 1],
  ["7/6", 4],
]);

/** Names of days that are written out, where cron takes their first three letters. */
function withDayNames(value: string, detail: string): string | undefined {
  const fields = fieldsOf(value);
  const days = fields[4]?.replace(/\b(sun|mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur)(?:day)\b/gi, (word) => word.slice(0, 3));
  const isTold = /failed to parse int from [A-Za-z]{4,9}: /.test(detail) && fields.length === 5;
  return isTold && days !== undefined && days !== fields[4] ? [...fields.slice(0, 4), days].join(" ") : undefined;
}

/** Hours over midnight: `18-6` are those until midnight and those from there. */
function aroundTheClock(value: string, detail: string): string | undefined {
  const fields = fieldsOf(value);
  const [, from = "", to = ""] = /beginning of range \((\d{1,2})\) beyond end of range \((\d{1,2})\)/.exec(detail) ?? [];
  const isHours = from !== "" && fields.length === 5 && fields[1] === `${from}-${to}` && Number(from) <= 23;
  return isHours ? fields.with(1, `${from}-23,0-${to}`).join(" ") : undefined;
}

/** A zone in front, which has a field of its own (CronJobSpec.timeZone). */
function withoutZone(value: string, detail: string): string | undefined {
  return /cannot use TZ or CRON_TZ in schedule/.test(detail) ? zoneIn(value)?.schedule : undefined;
}

/** `TZ=Europe/Berlin 0 5 * * *` as zone and schedule. */
export function zoneIn(value: string): { zone: string; schedule: string } | undefined {
  const [, zone, schedule] = /^(?:CRON_)?TZ=([A-Za-z][\w+/-]{1,60})\s+(\S.*)$/.exec(value.trim()) ?? [];
  return zone === undefined || schedule === undefined ? undefined : { zone, schedule };
}

/** `@dayly`: one letter is wrong. */
function withDescriptor(value: string, detail: string): string | undefined {
  const isTold = /unrecognized descriptor: @\w/.test(detail);
  return isTold ? DESCRIPTORS.find((one) => isOneLetterOff(value.toLowerCase(), one)) : undefined;
}

const DESCRIPTORS: readonly string[] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

function isOneLetterOff(text: string, word: string): boolean {
  if (text === word) return true;
  let head = 0;
  while (head < text.length && text[head] === word[head]) head++;
  const rests = [text.slice(head + 1) === word.slice(head + 1), text.slice(head + 1) === word.slice(head), text.slice(head) === word.slice(head + 1)];
  return rests.includes(true);
}

function fieldsOf(value: string): string[] {
  return value.split(/\s+/);
}
