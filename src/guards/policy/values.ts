import { isObject, type Json } from "../../cluster/objects.ts";

/** A value as CEL sees it: whole numbers are int (BigInt), others double. */
export type CelValue = null | boolean | number | bigint | string | CelValue[] | { [key: string]: CelValue };

/**
 * A rendered object as CEL sees it. What the API server keeps as a quantity is text, also where the manifest has a number (`cpu: 1`): else `quantity(…)` would
 * not take it.
 */
export function celValue(value: Json): CelValue {
  return convert(value, false);
}

function convert(value: Json, isQuantity: boolean): CelValue {
  if (typeof value === "number") {
    if (isQuantity) return String(value);
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => convert(item, false));
  if (!isObject(value)) return value;
  const made: { [key: string]: CelValue } = Object.create(null);
  for (const [key, child] of Object.entries(value)) {
    made[key] = isObject(child) && (key === "requests" || key === "limits") ? convertAmounts(child) : convert(child, key === "sizeLimit");
  }
  return made;
}

function convertAmounts(amounts: { [key: string]: Json }): CelValue {
  const made: { [key: string]: CelValue } = Object.create(null);
  for (const [key, amount] of Object.entries(amounts)) made[key] = convert(amount, true);
  return made;
}
