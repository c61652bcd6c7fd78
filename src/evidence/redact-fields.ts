import { redact } from "./redact.ts";

const DEPTH = 4;

/** Fields of a log line without secrets: every text in plain objects and lists is redacted; errors and the like stay as they are. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, redacted(value, DEPTH)]));
}

function redacted(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redact(value).text;
  if (depth === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth - 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item, depth - 1)]));
}
