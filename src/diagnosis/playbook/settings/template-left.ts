import { describeRef } from "../../../cluster/objects.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedSettings } from "../../settings.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, place, shown } from "../entry.ts";

/** What Helm fills in where a text goes through `tpl` (https://helm.sh/docs/howto/charts_tips_and_tricks/#using-the-tpl-function). */
const EXPRESSION = /\{\{-?\s*(?:\$?\.(?:Values|Release|Chart)\.|include\s|tpl\s)[^{}]{0,200}\}\}/;

/**
 * A file of a ConfigMap that has a chart's expressions in it as they are written, which it had not before: it is not passed through `tpl` any more. Its lines are no
 * fault, and what they were made of belongs into no file that all environments share; so nothing of it goes back by itself.
 */
export function templateLeft({ input, now, found, statement }: CrashCase): Finding | undefined {
  for (const { map, key, before, after } of changedSettings(input, now, found)) {
    const left = typeof after === "string" ? EXPRESSION.exec(after)?.[0] : undefined;
    if (left === undefined || typeof before !== "string" || EXPRESSION.test(before)) continue;
    const rootCause = `${place(statement.object, statement.container)} reads ${key} of ${describeRef(map)} with ${shown(left)} in it as it is written: Helm does not fill it in any more.`;
    return escalate(
      { ...statement, rootCause, confidence: CONFIDENCE.likely },
      "how a chart reads the file is what changed, and no line of the file",
      `Pass ${key} through tpl again where the chart makes ${describeRef(map)}.`,
    );
  }
  return undefined;
}
