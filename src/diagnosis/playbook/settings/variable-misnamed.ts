import { isObject, type Json, type JsonObject, listAt, textAt } from "../../../cluster/objects.ts";
import { sameJson } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { variablesOf } from "../../environment.ts";
import { isAlmost, isShortFor, nearMatch, wordsOf } from "../../near-match.ts";
import type { LogLine } from "../../pods.ts";
import { changedVariables } from "../../settings.ts";
import { containersOf } from "../../workload.ts";
import { variableOf } from "../blame/named-change.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { namesWord } from "../words.ts";

/**
 * The program misses a variable, and is given one variable whose name is that one in other words (`DB_URL` for `DATABASE_URL`), or whose content another
 * container of the delivery has under the missing name. Undefined where several are.
 */
export function variableMisnamed(crashCase: CrashCase, { name, line }: { name: string; line: LogLine }): Finding | undefined {
  const { input, now, statement, found } = crashCase;
  const listed = misspeltInList(crashCase, { name, line });
  if (listed) return listed;
  const others = input.rendered.filter((object) => object !== now).flatMap(containersOf);
  const elsewhere = others.flatMap(({ value }) =>
    listAt(value, "env")
      .filter((item) => textAt(item, "name") === name)
      .map(contentOf),
  );
  const lists = variablesOf(input, now, found).filter(({ value }) => namesWord(value, name));
  const own = listAt(found.value, "env")
    .filter((item) => !isOfAnother(textAt(item, "name"), name, line))
    // What is asked for beside it is another one.
    .filter((item) => !lists.some(({ value }) => namesWord(value, textAt(item, "name"))));
  const alike = own.filter((item) => isSameInWords(textAt(item, "name"), name) || elsewhere.some((content) => sameJson(content, contentOf(item))));
  const [only, ...more] = alike;
  if (!only || more.length > 0) return undefined;
  const wrong = textAt(only, "name");
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${name}, and is given ${wrong} instead.`;
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }),
    [
      { object: statement.object, path: [...found.path, "env", { key: "name", value: wrong }], before: only, after: undefined },
      { object: statement.object, path: [...found.path, "env", { key: "name", value: name }], before: undefined, after: { ...contentOf(only), name } },
    ],
    [`Give ${name} what ${wrong} holds: the only variable of the container that is called alike`],
  );
}

/**
 * The name that is missed stands in a list that another variable gives the program, and came there in the place of one that is almost the same and that the
 * container is given: it is misspelt in the list.
 */
function misspeltInList(crashCase: CrashCase, { name, line }: { name: string; line: LogLine }): Finding | undefined {
  const { input, now, past, found, changed, statement } = crashCase;
  const own = changed.filter(({ path }) => variableOf(path) !== undefined && path.at(-1) === "value");
  const lists: ObjectChange[] = [
    ...own.map((change) => ({ ...change, object: statement.object })),
    ...(past?.from === "revision" ? changedVariables(input, now, found) : []),
  ];
  const given = variablesOf(input, now, found).map((variable) => variable.name);
  const [only, ...more] = lists.flatMap((list) => {
    const [before, after] = [String(list.before ?? ""), String(list.after ?? "")];
    const meant = nearMatch(
      name,
      given.filter((one) => namesWord(before, one) && !namesWord(after, one)),
    );
    return meant !== undefined && namesWord(after, name) && !namesWord(before, name) ? [{ list, after, meant }] : [];
  });
  if (!only || more.length > 0) return undefined;
  const { list, after, meant } = only;
  const change = { object: list.object, path: list.path, before: after, after: after.replace(name, meant) };
  const rootCause = `${place(statement.object, statement.container)} asks for environment variable ${name}, which ${meant} was called until it was misspelt.`;
  return fix(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }), [change], [`Spell ${name} ${meant}, as it was`]);
}

/** The program names it too: it reads both. */
function isOfAnother(own: string, name: string, { text }: LogLine): boolean {
  return own === name || new RegExp(`\\b${own.replaceAll(/\W/g, "\\$&")}\\b`).test(text.slice(0, 4000));
}

function contentOf(item: Json): JsonObject {
  return isObject(item) ? { ...item, name: null } : {};
}

/** Whether two names have the same words in the same order, each as it is or shortened: `DB_URL` and `DATABASE_URL`, `LEDGER_ADDR` and `LEDGER_ADDRESS`. */
export function isSameInWords(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  if (a.length !== b.length || a.length === 0) return a.join("") === b.join("");
  return a.every((word, i) => isSameWord(word, b[i] ?? "")) && a.some((word, i) => word === b[i]);
}

const ALIKE: readonly string[] = ["uri", "url", "dsn"];

/** Short words that differ by a letter are other words (`mail` and `main`), and numbers tell things apart. */
function isSameWord(one: string, other: string): boolean {
  if (one.replaceAll(/\D/g, "") !== other.replaceAll(/\D/g, "")) return false;
  const isSlip = one.length >= 7 && other.length >= 7 && isAlmost(one, other);
  return one === other || isShortFor(one, other) || isShortFor(other, one) || (ALIKE.includes(one) && ALIKE.includes(other)) || isSlip;
}
