import { isObject, type Json, type JsonObject, listAt, textAt } from "../../../cluster/objects.ts";
import { sameJson } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { isShortFor, wordsOf } from "../../near-match.ts";
import type { LogLine } from "../../pods.ts";
import { containersOf } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";

/**
 * The program misses a variable, and is given one variable whose name is that one in other words (`DB_URL` for `DATABASE_URL`), or whose content another
 * container of the delivery has under the missing name. Undefined where several are.
 */
export function variableMisnamed(crashCase: CrashCase, { name, line }: { name: string; line: LogLine }): Finding | undefined {
  const { input, now, statement, found } = crashCase;
  const others = input.rendered.filter((object) => object !== now).flatMap(containersOf);
  const elsewhere = others.flatMap(({ value }) =>
    listAt(value, "env")
      .filter((item) => textAt(item, "name") === name)
      .map(contentOf),
  );
  const own = listAt(found.value, "env").filter((item) => !isOfAnother(textAt(item, "name"), name, line));
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

/** The program names it too: it reads both. */
function isOfAnother(own: string, name: string, { text }: LogLine): boolean {
  return own === name || new RegExp(`\\b${own.replaceAll(/\W/g, "\\$&")}\\b`).test(text.slice(0, 4000));
}

function contentOf(item: Json): JsonObject {
  return isObject(item) ? { ...item, name: null } : {};
}

/** Whether two names have the same words in the same order, each as it is or shortened: `DB_URL` and `DATABASE_URL`, `LEDGER_ADDR` and `LEDGER_ADDRESS`. */
function isSameInWords(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  if (a.length !== b.length || a.length === 0) return a.join("") === b.join("");
  return a.every((word, i) => word === b[i] || isShortFor(word, b[i] ?? "") || isShortFor(b[i] ?? "", word)) && a.some((word, i) => word === b[i]);
}
