import { type Json, listAt } from "../../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { withAlongside } from "../blame/alongside.ts";
import { decisive } from "../blame/decisive.ts";
import { messageIn } from "../blame/log-message.ts";
import { movedAlong } from "../blame/moved-along.ts";
import { isSetAfterAll, isStanding, names, refusesOption, strings, variableOf } from "../blame/named-change.ts";
import { putBackItems } from "../crash/arguments.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { unitsAlong } from "../crash/units-along.ts";
import { CONFIDENCE, oneStop, place, shown } from "../entry.ts";
import { leadsToMissingFile, leadsToMovedMount } from "../files/mount-moved.ts";
import { calledShortly } from "./called-shortly.ts";
import { reportsValue } from "./reported-value.ts";
import { withoutHalves } from "./without-halves.ts";

/** Environment, arguments and the like whose name, new value or a new path in it the complaints name word for word: those, and nothing else of the commit. */
export function namedByLog(crashCase: CrashCase): Finding | undefined {
  const { changed, past, statement } = crashCase;
  const lines = complaints(crashCase);
  const messages = lines.map(({ text }) => messageIn(text));
  const isCalled = calledShortly(crashCase);
  const named = changed.flatMap((change) => {
    const option = optionBefore(crashCase, change);
    const isOther = (text: string) =>
      change.path.at(-1) === "value" && !isSetAfterAll(text, change.after) && isCalled(text, variableOf(change.path) ?? "", "changed");
    const isAbout = (text: string) => names(text, change) || (option !== undefined && refusesOption(text, option)) || isOther(text);
    const isReported = (line: LogLine) => strings(change.after).some((value) => reportsValue(crashCase.log, line, variableOf(change.path) ?? "", value));
    const line = isRun(change.path) ? lines.findLast((one) => isAbout(messageIn(one.text)) || isReported(one)) : undefined;
    const isNamed = (item: Json) => messages.some((text) => names(text, { path: [], before: change.before, after: item }));
    return line && !isStanding(crashCase, change, line) && !leadsToMovedMount(crashCase, change) && !leadsToMissingFile(crashCase, change)
      ? [{ change: { ...change, before: putBackItems(change, isNamed) }, line, as: change }]
      : [];
  });
  const blamed = decisive(named);
  const [first] = blamed;
  if (!past || !first) return undefined;
  const what = variableOf(first.change.path) ?? "its arguments";
  const rootCause = `${place(statement.object, statement.container)} does not accept ${what}: ${shown(first.line.text)}.`;
  const moved = movedAlong(
    changed,
    blamed.map(({ as }) => as),
  );
  const back = withAlongside(crashCase, [
    ...blamed.map(({ change }) => change),
    ...moved,
    ...unitsAlong(
      changed,
      blamed.map(({ as }) => as),
    ),
  ]);
  return withoutHalves(crashCase, past, withLine(crashCase, first.line, { ...statement, rootCause: oneStop(rootCause), confidence: CONFIDENCE.likely }), back);
}

/** The option whose value this is, where it stands before it as an item of its own. */
function optionBefore({ found }: CrashCase, { path, after }: FieldChange): string | undefined {
  const [list, at] = path.slice(found.path.length);
  const before = typeof at === "number" && typeof after === "string" && !after.startsWith("-") ? listAt(found.value, String(list))[at - 1] : undefined;
  return typeof before === "string" && /^--?[A-Za-z][\w.-]*$/.test(before) ? before : undefined;
}

/** Fields that decide what the program does (and that guards/class-paths.ts opens for this class). */
export function isRun(path: FieldPath): boolean {
  return path.some((segment, i) => typeof path[i - 1] === "object" && ["command", "args", "env", "image"].includes(String(segment)));
}
