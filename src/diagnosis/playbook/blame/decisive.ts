import { isObject, type Json } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { LogLine } from "../../pods.ts";
import { namesVariable } from "../words.ts";
import { messageIn } from "./log-message.ts";
import { names, strings, variableOf } from "./named-change.ts";

/** A change that a complaint names. */
interface Named {
  change: FieldChange;
  line: LogLine;
}

/**
 * Of the changes that complaints name, those that they are about. One line often names more than what is wrong: `connection to server at "pg-rw" failed: FATAL:
 * database "order" does not exist` is no word against the server's name. Of lines that stand for themselves each counts.
 */
export function decisive<T extends Named>(named: readonly T[]): T[] {
  const lines = [...new Set(named.map(({ line }) => line))];
  const grave = lines.filter(({ text }) => !PASSED.test(text.slice(0, 1000)));
  return (grave.length > 0 ? grave : lines).flatMap((line) =>
    blamedIn(
      line,
      named.filter((one) => one.line === line),
    ),
  );
}

/** The program went on. */
const PASSED = /\b(?:skipping|skipped|ignoring|ignored|falling back|fall back|using (?:the )?default|retrying|continuing|deprecated)\b/i;

function blamedIn<T extends Named>({ text }: LogLine, named: readonly T[]): T[] {
  const message = messageIn(text);
  const own = named.filter(({ change }) => !isCovered(message, change, named));
  if (own.length < 2) return own;
  const byName = own.filter(({ change }) => namesVariable(message, variableOf(change.path) ?? ""));
  if (byName.length > 0) return byName;
  const fields = complaintFields(text);
  const clauses = (fields ?? [message]).flatMap((field) => [field.replace(OFFER, ""), field].flatMap(clausesOf));
  for (const clause of clauses) {
    const here = own.filter(({ change }) => names(clause, change));
    const kinds = here.filter(({ change }) => namesKind(fields ?? [message], change));
    if (here.length > 0) return kinds.length === 1 ? kinds : here;
  }
  // What a logger puts beside the message is where it happened: the message may say which of it is meant.
  return own.filter(({ change }) => namesKind(fields ?? [], change));
}

/** What would have been right, which is not what is wrong. */
const OFFER = /\b(?:(?:must|should) be|expected|one of|allowed|supported|available|choose from|possible values|valid (?:\w+ )?are)\b.*$/is;

/** The last one says what is wrong, those before it when that was. */
function clausesOf(text: string): string[] {
  return text.split(/:\s+|;\s+|\.\s+|\s-\s|\n/).reverse();
}

/** Whether a change's value stands only within a longer one of another change: `production` in `shop.settings.production`. */
function isCovered(text: string, change: FieldChange, named: readonly Named[]): boolean {
  if (namesVariable(text, variableOf(change.path) ?? "")) return false;
  const own = strings(change.after).filter((value) => text.includes(value));
  const longer = named.flatMap((one) => (one.change === change ? [] : strings(one.change.after)));
  return own.some((value) => longer.some((other) => other.length > value.length && other.includes(value) && !text.replaceAll(other, " ").includes(value)));
}

const COMPLAINT_KEYS = ["error", "err", "reason", "cause", "exception", "detail", "msg", "message"];

/** What a structured line says with its fields that are for it; undefined where the line is plain text. */
function complaintFields(text: string): string[] | undefined {
  const line = text.slice(0, 4000).trim();
  const fields = line.startsWith("{") ? parsed(line) : logfmt(line);
  const said = COMPLAINT_KEYS.flatMap((key) => fields.get(key) ?? []);
  return said.length > 0 ? said : undefined;
}

function parsed(line: string): Map<string, string> {
  try {
    const value: Json = JSON.parse(line);
    const entries = isObject(value) ? Object.entries(value) : [];
    return new Map(entries.map(([key, one]) => [key.toLowerCase(), typeof one === "string" ? one : JSON.stringify(one)]));
  } catch {
    return new Map();
  }
}

function logfmt(line: string): Map<string, string> {
  const pairs = [...line.matchAll(/(?:^|\s)([\w.]{1,40})=("(?:[^"\\]|\\.){0,2000}"|\S{1,500})/g)];
  return new Map(pairs.map(([, key = "", value = ""]) => [key.toLowerCase(), value.replace(/^"|"$/g, "")]));
}

/** Whether a message speaks of the kind of thing that a variable is: `Unknown Topic` of KAFKA_TOPIC. */
function namesKind(fields: readonly string[], { path }: FieldChange): boolean {
  const kind = variableOf(path)?.split("_").at(-1)?.toLowerCase() ?? "";
  return (
    kind.length >= 4 &&
    fields.some((field) =>
      field
        .toLowerCase()
        .split(/[^a-z0-9]+/)
        .includes(kind),
    )
  );
}
