/** A unit by what it measures. `size`: in powers of 1000 or 1024, `isBinary` where it says which. */
type Unit = { kind: "time"; milliseconds: number } | { kind: "size"; power: number; isBinary: boolean | undefined } | { kind: "percent" };

const time = (milliseconds: number): Unit => ({ kind: "time", milliseconds });
const size = (power: number, isBinary?: boolean): Unit => ({ kind: "size", power, isBinary });
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

/** How names of settings say their unit. `MIN` is a minimum and `SECOND` may be the one after the first: they are none. */
const IN_NAMES: readonly [words: string, unit: Unit][] = [
  ["MS MSEC MSECS MILLIS MILLISECONDS", time(1)],
  ["S SEC SECS SECONDS", time(SECOND)],
  ["MINS MINUTES", time(MINUTE)],
  ["HRS HOURS", time(HOUR)],
  ["DAYS", time(DAY)],
  ["BYTES", size(0)],
  ["KB KILOBYTES", size(1)],
  ["KIB", size(1, true)],
  ["MB MEGABYTES", size(2)],
  ["MIB", size(2, true)],
  ["GB GIGABYTES", size(3)],
  ["GIB", size(3, true)],
  ["PERCENT PERCENTAGE PCT", { kind: "percent" }],
];

/** How values say it: Go's durations, Kubernetes' quantities, and words. A lower-case `m` means minutes to the one and mega to the other. */
const IN_VALUES: readonly [RegExp, Unit][] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/, time(1)],
  [/^(?:s|secs?|seconds?)$/, time(SECOND)],
  [/^(?:m|mins?|minutes?)$/, time(MINUTE)],
  [/^(?:h|hrs?|hours?)$/, time(HOUR)],
  [/^(?:d|days?)$/, time(DAY)],
  [/^(?:b|bytes?)$/i, size(0)],
  [/^kib?$/i, size(1, true)],
  [/^kb?$/i, size(1)],
  [/^mib?$/i, size(2, true)],
  [/^(?:mb?|megabytes?)$/i, size(2)],
  [/^gib?$/i, size(3, true)],
  [/^(?:gb?|gigabytes?)$/i, size(3)],
  [/^(?:%|pct|percent)$/i, { kind: "percent" }],
];

/**
 * The number alone, as a setting of this name is to be read: `5` for START_SECONDS and `5s`, `5000` for START_MS. Undefined where the name says no unit, or one to
 * which the value does not come out exactly: whether a megabyte is 1000 or 1024 kilobytes is anybody's guess.
 */
export function withoutUnit(name: string, value: string): string | undefined {
  const [, digits = "", suffix = ""] = /^(\d{1,9}(?:\.\d{1,3})?) ?([A-Za-z]{1,12}|%)$/.exec(value.trim()) ?? [];
  const wanted = unitOfName(name);
  const given = IN_VALUES.find(([pattern, { kind }]) => kind === wanted?.kind && pattern.test(suffix))?.[1];
  const factor = wanted && given && factorOf(given, wanted);
  const number = factor === undefined ? Number.NaN : Number(digits) * factor;
  return Number.isInteger(number) && number < 1e9 ? String(number) : undefined;
}

function unitOfName(name: string): Unit | undefined {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .split(/[^A-Z0-9]+/);
  // A single letter is a unit at the end only, and so many a second are no seconds.
  const units = words.flatMap((word, i) => IN_NAMES.filter(([all]) => all.split(" ").includes(word) && (word.length > 1 || i === words.length - 1)));
  const [unit, ...others] = units;
  return unit && others.length === 0 && !words.includes("PER") ? unit[1] : undefined;
}

function factorOf(given: Unit, wanted: Unit): number | undefined {
  if (given.kind === "time" && wanted.kind === "time") return given.milliseconds / wanted.milliseconds;
  if (given.kind === "size" && wanted.kind === "size") {
    if (given.power === wanted.power) return 1;
    const isExact = given.isBinary === true && (wanted.power === 0 || wanted.isBinary === true);
    return isExact ? 1024 ** (given.power - wanted.power) : undefined;
  }
  return given.kind === "percent" && wanted.kind === "percent" ? 1 : undefined;
}
