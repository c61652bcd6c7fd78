import type { Json } from "../cluster/objects.ts";

/** Quantities are counted in billionths. */
export const NANO = 1_000_000_000n;
const SUFFIXES: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 1_000n,
  m: 1_000_000n,
  "": NANO,
  k: 1_000n * NANO,
  M: 1_000_000n * NANO,
  G: 1_000_000_000n * NANO,
  T: 10n ** 12n * NANO,
  P: 10n ** 15n * NANO,
  E: 10n ** 18n * NANO,
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};

/**
 * A Kubernetes resource quantity (`1.5Gi`, `100m`, `1e3`, `0.1`) in billionths of its unit, exactly; undefined where the text is none.
 * Below a billionth Kubernetes rounds up, and so does this. Source: Kubernetes API, `resource.Quantity`.
 */
export function parseQuantity(value: Json | undefined): bigint | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.length > 40) return undefined;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([eE][+-]?\d{1,2}|[KMGTPE]i|[numkMGTPE]?)$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const unit = unitOf(suffix);
  if (unit === undefined) return undefined;
  const digits = BigInt(whole + fraction) * unit.numerator;
  const divisor = 10n ** BigInt(fraction.length) * unit.denominator;
  const amount = (digits + divisor - 1n) / divisor;
  return sign === "-" ? -amount : amount;
}

function unitOf(suffix: string): { numerator: bigint; denominator: bigint } | undefined {
  if (/^[eE][+-]?\d/.test(suffix)) {
    const exponent = Number(suffix.slice(1));
    const power = 10n ** BigInt(Math.abs(exponent));
    return exponent < 0 ? { numerator: NANO, denominator: power } : { numerator: NANO * power, denominator: 1n };
  }
  const unit = SUFFIXES[suffix];
  if (unit === undefined) return undefined;
  return { numerator: suffix.endsWith("i") ? unit * NANO : unit, denominator: 1n };
}

/** Whether `value` is at most `factor` times `base`; the factor counts to a thousandth. */
export function withinFactor(value: bigint, base: bigint, factor: number): boolean {
  return value * 1000n <= base * BigInt(Math.floor(factor * 1000));
}
