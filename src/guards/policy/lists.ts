import type { Environment } from "@marcbachmann/cel-js";

/** What CEL's `sets.` functions hang on. */
class Sets {}

const words = new WeakMap<object, string>();

/** The same text for values that are equal in CEL: keys in order, `1` and `1.0` alike. */
function textOf(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const known = words.get(value);
  if (known !== undefined) return known;
  const text = Array.isArray(value)
    ? `[${value.map(textOf).join(",")}]`
    : `{${Object.entries(value)
        .map(([key, child]) => `${JSON.stringify(key)}:${textOf(child)}`)
        .sort()
        .join(",")}}`;
  words.set(value, text);
  return text;
}

function holdsAll(list: readonly unknown[], wanted: readonly unknown[]): boolean {
  const known = new Set(list.map(textOf));
  return wanted.every((item) => known.has(textOf(item)));
}

type Ordered = bigint | number | string | boolean;

function isOrdered(value: unknown): value is Ordered {
  return ["bigint", "number", "string", "boolean"].includes(typeof value);
}

function ordered(list: readonly unknown[]): Ordered[] {
  const made = list.filter(isOrdered);
  if (made.length !== list.length) throw new TypeError("only numbers, texts and switches have an order");
  return made;
}

function extreme(list: readonly unknown[], isBetter: (a: Ordered, b: Ordered) => boolean): Ordered {
  const [first, ...rest] = ordered(list);
  if (first === undefined) throw new TypeError("an empty list has no smallest or largest item");
  return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first);
}

function sum(list: readonly unknown[]): bigint | number {
  return list.reduce<bigint | number>((total, item) => {
    if (typeof item !== "bigint" && typeof item !== "number") throw new TypeError("only numbers have a sum");
    return typeof total === "bigint" && typeof item === "bigint" ? total + item : Number(total) + Number(item);
  }, 0n);
}

/** Source: Kubernetes, CEL list library; cel-go, ext.Sets. */
export function registerLists(environment: Environment): void {
  environment
    .registerType("Sets", { ctor: Sets, fields: {} })
    .registerConstant("sets", "Sets", new Sets())
    .registerFunction("Sets.contains(list, list): bool", (_: Sets, list: unknown[], wanted: unknown[]) => holdsAll(list, wanted))
    .registerFunction("Sets.equivalent(list, list): bool", (_: Sets, a: unknown[], b: unknown[]) => holdsAll(a, b) && holdsAll(b, a))
    .registerFunction("Sets.intersects(list, list): bool", (_: Sets, a: unknown[], b: unknown[]) => b.some((item) => holdsAll(a, [item])))
    .registerFunction("list.sum(): dyn", sum)
    .registerFunction("list.min(): dyn", (list: unknown[]) => extreme(list, (a, b) => a < b))
    .registerFunction("list.max(): dyn", (list: unknown[]) => extreme(list, (a, b) => a > b))
    .registerFunction("list.isSorted(): bool", (list: unknown[]) => ordered(list).every((item, i, all) => i === 0 || (all[i - 1] ?? item) <= item))
    .registerFunction("list.indexOf(dyn): int", (list: unknown[], wanted: unknown) => BigInt(list.findIndex((item) => textOf(item) === textOf(wanted))))
    .registerFunction("list.lastIndexOf(dyn): int", (list: unknown[], wanted: unknown) =>
      BigInt(list.findLastIndex((item) => textOf(item) === textOf(wanted))),
    );
}
