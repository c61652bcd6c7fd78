import type { Environment } from "@marcbachmann/cel-js";
import { NANO, parseQuantity } from "../quantity.ts";

/** CEL's `quantity(…)`, as Kubernetes has it; exact, in billionths. */
class Quantity {
  readonly nano: bigint;
  constructor(nano: bigint) {
    this.nano = nano;
  }
}

function read(text: string): Quantity {
  const nano = parseQuantity(text);
  if (nano === undefined) throw new TypeError(`${JSON.stringify(text.slice(0, 40))} is no quantity`);
  return new Quantity(nano);
}

function whole({ nano }: Quantity): bigint {
  if (nano % NANO !== 0n) throw new TypeError("the quantity is no whole number");
  return nano / NANO;
}

/** Source: Kubernetes, CEL quantity library. */
export function registerQuantity(environment: Environment): void {
  environment
    .registerType("Quantity", { ctor: Quantity, fields: {} })
    .registerFunction("quantity(string): Quantity", read)
    .registerFunction("isQuantity(string): bool", (text: string) => parseQuantity(text) !== undefined)
    .registerFunction("Quantity.compareTo(Quantity): int", (a: Quantity, b: Quantity) => (a.nano < b.nano ? -1n : a.nano > b.nano ? 1n : 0n))
    .registerFunction("Quantity.isGreaterThan(Quantity): bool", (a: Quantity, b: Quantity) => a.nano > b.nano)
    .registerFunction("Quantity.isLessThan(Quantity): bool", (a: Quantity, b: Quantity) => a.nano < b.nano)
    .registerFunction("Quantity.add(Quantity): Quantity", (a: Quantity, b: Quantity) => new Quantity(a.nano + b.nano))
    .registerFunction("Quantity.add(int): Quantity", (a: Quantity, b: bigint) => new Quantity(a.nano + b * NANO))
    .registerFunction("Quantity.sub(Quantity): Quantity", (a: Quantity, b: Quantity) => new Quantity(a.nano - b.nano))
    .registerFunction("Quantity.sub(int): Quantity", (a: Quantity, b: bigint) => new Quantity(a.nano - b * NANO))
    .registerFunction("Quantity.sign(): int", ({ nano }: Quantity) => (nano < 0n ? -1n : nano > 0n ? 1n : 0n))
    .registerFunction("Quantity.isInteger(): bool", ({ nano }: Quantity) => nano % NANO === 0n)
    .registerFunction("Quantity.asInteger(): int", whole)
    .registerFunction("Quantity.asApproximateFloat(): double", ({ nano }: Quantity) => Number(nano) / Number(NANO));
}
