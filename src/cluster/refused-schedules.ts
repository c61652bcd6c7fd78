// Schedules that the API server refuses (robfig/cron, https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax), as they can be meant only.

/** Undefined where the complaint leaves more than one schedule. */
export function scheduleMeant(value: string, detail: string): string | undefined {
  return MENDED.map((mended) => mended(value.trim(), detail)).find((one) => one !== undefined);
}

type Mended = (value: string, detail: string) => string | undefined;

const MENDED: readonly Mended[] = [withoutSeconds, withFifthField, turned, atItsEnd, withNames, aroundTheClock, withoutZone, withDescriptor];

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

/** Names of days and months that are written out, where cron takes their first three letters, or of which one letter is wrong. */
function withNames(value: string, detail: string): string | undefined {
  const fields = fieldsOf(value);
  const [, refused = ""] = /failed to parse int from ([A-Za-z]{2,9}): /.exec(detail) ?? [];
  const places = fields.flatMap((field, i) => (field.split(/[,/-]/).includes(refused) && NAMES.has(i) ? [i] : []));
  const [place, ...others] = places;
  if (refused === "" || fields.length !== 5 || place === undefined || others.length > 0) return undefined;
  const words = fields[place]?.split(/([,/-])/).map((word) => (/^[A-Za-z]/.test(word) ? nameMeant(word, NAMES.get(place) ?? []) : word)) ?? [];
  return words.includes(undefined) ? undefined : fields.with(place, words.join("")).join(" ");
}

/** What cron takes in the fields for months and for days of the week. */
const NAMES: ReadonlyMap<number, readonly string[]> = new Map([
  [3, ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]],
  [4, ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]],
]);

/** Three letters, as they are written; undefined where several names could be meant. */
function nameMeant(word: string, names: readonly string[]): string | undefined {
  const given = word.toLowerCase();
  const short = names.map((name) => name.slice(0, 3));
  if (short.includes(given)) return word;
  if (given.length > 3 && names.some((name) => name.startsWith(given))) return word.slice(0, 3);
  const [near, ...others] = short.filter((name) => isOneLetterOff(given, name));
  if (near === undefined || others.length > 0) return undefined;
  return word === word.toUpperCase() ? near.toUpperCase() : near;
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
