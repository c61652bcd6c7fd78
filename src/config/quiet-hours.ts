import { z } from "zod";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const NAMES: readonly string[] = DAYS;
const DAY = 24 * 60;
const WEEK = 7 * DAY;

type Day = (typeof DAYS)[number];

/** A part of the week in minutes since Monday 0:00; `end` may lie in the next week. */
interface Span {
  start: number;
  end: number;
}

const time = (form: RegExp, examples: string[], about: string) => z.string().regex(form).optional().meta({ description: about, examples });

const window = z
  .strictObject({
    days: z.array(z.enum(DAYS).describe("A day of the week.")).min(1).max(7).optional().describe("Days on which the quiet time begins. Every day unless said."),
    from: time(/^(?:[01]\d|2[0-3]):[0-5]\d$/, ["22:00"], "When it begins, on a clock of 24 hours. 00:00 unless said."),
    to: time(
      /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
      ["07:00"],
      "When it ends; on the next day where that is not later than `from`. 24:00, the end of the day, unless said.",
    ),
  })
  .describe("A stretch of quiet time, once on each of its days.");

export const quietHours = z
  .strictObject({
    timeZone: z
      .string()
      .max(60)
      .refine(isTimeZone, { error: "must be a time zone's name, such as Europe/Berlin or UTC" })
      .optional()
      .meta({ description: "The time zone of all times below: a name from the IANA database. UTC unless said.", examples: ["Europe/Berlin"] }),
    windows: z.array(window).min(1).max(20).describe("The quiet times of a week."),
  })
  .refine(({ windows }) => endOfQuiet(windows.flatMap(spansOf), 0) < WEEK, {
    path: ["windows"],
    // A misspelled `days` would look like every day.
    when: ({ issues }) => issues.length === 0,
    error: "leave no time at all; `enabled: false` switches the bot off",
  });

export type QuietHours = z.infer<typeof quietHours>;

/** A quiet time that it is now. `until` is for people, by the clock of the time zone: `mon 07:00 Europe/Berlin`. */
export interface Quiet {
  milliseconds: number;
  until: string;
}

/**
 * Whether a moment is within quiet hours, and for how long they last, by the clock on the wall. Where the clock is put forward or back meanwhile, the
 * time left is wrong by that hour, and right again with the next look.
 */
export function quietAt({ timeZone = "UTC", windows }: QuietHours, now: Date): Quiet | undefined {
  const minute = minuteOfWeek(now, timeZone);
  const end = endOfQuiet(windows.flatMap(spansOf), minute);
  if (end === minute) return undefined;
  const sinceMinute = now.getTime() % 60_000;
  return { milliseconds: (end - minute) * 60_000 - sinceMinute, until: `${clockWords(end)} ${timeZone}` };
}

/** Where the quiet time ends that `minute` is in, later ones that follow without a gap included; `minute` itself where it is in none. At most a week later. */
function endOfQuiet(spans: readonly Span[], minute: number): number {
  const repeated = spans.flatMap(({ start, end }) => [-WEEK, 0, WEEK].map((shift) => ({ start: start + shift, end: end + shift })));
  let at = minute;
  for (;;) {
    const next = Math.max(at, ...repeated.filter(({ start, end }) => start <= at && at < end).map(({ end }) => end));
    if (next === at || next >= minute + WEEK) return Math.min(next, minute + WEEK);
    at = next;
  }
}

function spansOf({ days = [...DAYS], from = "00:00", to = "24:00" }: { days?: Day[] | undefined; from?: string | undefined; to?: string | undefined }): Span[] {
  const [begins, ends] = [minuteOfDay(from), minuteOfDay(to)];
  return days.map((day) => {
    const midnight = DAYS.indexOf(day) * DAY;
    return { start: midnight + begins, end: midnight + ends + (ends <= begins ? DAY : 0) };
  });
}

function minuteOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}

function minuteOfWeek(now: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return NAMES.indexOf(parts.weekday?.toLowerCase() ?? "") * DAY + Number(parts.hour) * 60 + Number(parts.minute);
}

function clockWords(minute: number): string {
  const ofWeek = minute % WEEK;
  const two = (number: number) => String(number).padStart(2, "0");
  return `${DAYS[Math.floor(ofWeek / DAY)]} ${two(Math.floor((ofWeek % DAY) / 60))}:${two(ofWeek % 60)}`;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
