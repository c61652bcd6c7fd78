// Kubernetes quantities (API conventions, "resource.Quantity"): exact, as thousandths of the unit.
const FACTORS: ReadonlyMap<string, bigint> = new Map([
  ["m", 1n],
  ["", 1000n],
  ["k", 1000n ** 2n],
  ["M", 1000n ** 3n],
  ["G", 1000n ** 4n],
  ["T", 1000n ** 5n],
  ["P", 1000n ** 6n],
  ["Ki", 1000n * 1024n],
  ["Mi", 1000n * 1024n ** 2n],
  ["Gi", 1000n * 1024n ** 3n],
  ["Ti", 1000n * 1024n ** 4n],
  ["Pi", 1000n * 1024n ** 5n],
]);

const FORM = /^(\d{1,18})(?:\.(\d{1,9}))?(m|k|[KMGTP]i?|)$/;

/** Thousandths of a core, a byte …; undefined for anything that is no plain non-negative quantity (exponents and fractions of a thousandth included). */
export function milli(quantity: unknown): bigint | undefined {
  const match = FORM.exec(typeof quantity === "number" ? String(quantity) : typeof quantity === "string" ? quantity : "?");
  const factor = match ? FACTORS.get(match[3] ?? "") : undefined;
  if (!match?.[1] || factor === undefined) return undefined;
  const fraction = match[2] ?? "";
  const scaled = BigInt(match[1] + fraction) * factor;
  const divisor = 10n ** BigInt(fraction.length);
  return scaled % divisor === 0n ? scaled / divisor : scaled / divisor + 1n;
}

/** Twice the quantity in the same unit (`96Mi` → `192Mi`); undefined where it is no plain quantity. */
export function doubled(quantity: unknown): string | undefined {
  const text = typeof quantity === "number" ? String(quantity) : quantity;
  const match = typeof text === "string" ? FORM.exec(text) : null;
  if (!match?.[1]) return undefined;
  const fraction = match[2] ?? "";
  const twice = String(BigInt(match[1] + fraction) * 2n).padStart(fraction.length + 1, "0");
  const cut = twice.length - fraction.length;
  return `${twice.slice(0, cut)}${fraction === "" ? "" : `.${twice.slice(cut)}`}${match[3] ?? ""}`;
}

/** Whether `a` is more than `b`; false where either is no plain quantity. */
export function moreThan(a: unknown, b: unknown): boolean {
  const [left, right] = [milli(a), milli(b)];
  return left !== undefined && right !== undefined && left > right;
}

/**
 * What was meant by thousandths of a byte, or by so few bytes that no program starts: `128Mi` by `128m`, and by `128`. Undefined for every other quantity, and for
 * what would be next to nothing.
 */
export function mebibytesMeant(memory: unknown): string | undefined {
  const [, digits] = /^(\d{1,5})m?$/.exec(String(memory)) ?? [];
  return digits !== undefined && Number(digits) >= 16 ? `${digits}Mi` : undefined;
}
