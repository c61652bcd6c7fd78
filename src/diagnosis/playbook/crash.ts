import { at, isObject, listAt, refOf, textAt } from "../../cluster/objects.ts";
import { type FieldChange, formatPath } from "../../source/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, isConfigMap, pastOf, renderedNow, restore } from "../history.ts";
import { logLines, type TroubledContainer, troubledContainers } from "../pods.ts";
import { moreThan } from "../quantity.ts";
import { quoteEach } from "../quotes.ts";
import { containerOf } from "../workload.ts";
import { argumentUnknown } from "./arguments.ts";
import { type CrashCase, ERROR, lastWords, withLine } from "./crash-case.ts";
import { CONFIDENCE, changeInWords, escalate, fix, type PlaybookEntry, place, restoring, shown } from "./entry.ts";
import { externalTrouble } from "./external.ts";
import { mountMoved } from "./mount-moved.ts";
import { readOnly } from "./read-only.ts";

/** Programs that start and end with an error: what their log names decides, then what the last commits changed. */
export const crash: PlaybookEntry = {
  name: "crash",
  diagnose: (input) =>
    troubledContainers(input)
      .filter(({ trouble }) => trouble === "crash")
      .flatMap((container) => crashed(input, container)),
};

function crashed(input: DiagnosisInput, container: TroubledContainer): Finding[] {
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const found = containerOf(now, container.name);
  const log = logLines(input, container);
  const said = lastWords(log);
  const exit = container.ended?.exitCode;
  const where = place(object, container.name);
  const ending = said
    ? `ends with: ${shown(said.text)}`
    : exit === undefined
      ? "crashed, and its pods are gone"
      : `ends with exit code ${exit} and says nothing`;
  const statement = {
    failureClass: object.kind === "Job" || object.kind === "CronJob" ? ("job-failed" as const) : ("crash-on-start" as const),
    rootCause: `${where} ${ending}.`.replace(/\.{2,}$/, "."),
    object,
    container: container.name,
    quotes: quoteEach(input.evidence, [said ? [said.quoted, said.text] : [], [container.waiting.message, backOff(container), "exit code"]], {
      container: container.name,
      pods: container.pods,
    }),
    confidence: CONFIDENCE.confirmed,
  };
  if (!now || !found) return [escalate(statement, "the container is not in what the branch renders", "Look for who creates this workload; git does not.")];
  const past = pastOf(input, object);
  const crashCase: CrashCase = { input, container, now, found, past, changed: changedBelow(past, now, found.path), log, statement };
  const named =
    readOnly(crashCase) ??
    argumentUnknown(crashCase) ??
    mountMoved(crashCase) ??
    variableMissing(crashCase) ??
    externalTrouble(crashCase) ??
    namedByLog(crashCase);
  return [named ?? switchedOn(crashCase)];
}

function backOff({ events }: TroubledContainer): string {
  return events.find(({ reason }) => reason === "BackOff")?.note ?? "";
}

const VARIABLE = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z]{4,}\b/g;
const UNSET = /required|missing|not set|unset|undefined|must be set|not defined|not provided|empty|KeyError|no value/i;
const LEVELS = new Set(["ERROR", "FATAL", "WARN", "WARNING", "INFO", "DEBUG", "PANIC", "CRITICAL", "TRACE"]);

/** The log says that an environment variable is missing. Its value comes back from history only. */
function variableMissing(crashCase: CrashCase): Finding | undefined {
  const { log, statement, changed, past } = crashCase;
  const lines = log.filter(({ text }) => UNSET.test(text.slice(0, 1000)));
  const named = lines
    .flatMap((line) => (line.text.slice(0, 1000).match(VARIABLE) ?? []).map((name) => ({ name, line })))
    .filter(({ name }) => !LEVELS.has(name));
  const names = named.map(({ name }) => name);
  const dropped = names.find((name) => goneVariable(changed, name) !== undefined);
  const difference = dropped === undefined ? undefined : goneVariable(changed, dropped);
  if (past && dropped !== undefined && difference) {
    const rootCause = `${place(statement.object, statement.container)} needs environment variable ${dropped}, which is no longer set.`;
    const line = named.find(({ name }) => name === dropped)?.line;
    return restoring(line ? withLine(crashCase, line, { ...statement, rootCause }) : { ...statement, rootCause }, past, [difference]);
  }
  const fromMap = names.flatMap((name) => droppedKey(crashCase, name)).at(0);
  if (fromMap) return fromMap;
  const name = names.at(-1);
  if (name === undefined || changed.length > 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${name}, which is not set.`;
  return escalate(
    { ...statement, rootCause, confidence: CONFIDENCE.likely },
    `no revision is known in which ${name} was set`,
    `Set ${name}; the bot invents no values.`,
  );
}

/** The difference that took the variable away: its item, or the whole list; in the latter case only this variable comes back. */
function goneVariable(changed: readonly FieldChange[], name: string): FieldChange | undefined {
  for (const { path, before, after } of changed) {
    const last = path.at(-1);
    if (typeof last === "object" && last.value === name && path.at(-2) === "env" && after === undefined) return { path, before, after };
    if (last !== "env" || !Array.isArray(before)) continue;
    const item = before.find((entry) => textAt(entry, "name") === name);
    if (item && after === undefined) return { path, before: [item], after };
  }
  return undefined;
}

/** A key that went from a ConfigMap which the container reads whole. */
function droppedKey({ input, found, past, statement }: CrashCase, name: string): Finding[] {
  const maps = listAt(found.value, "envFrom").map((source) => textAt(source, "configMapRef", "name"));
  return maps.flatMap((map) => {
    const now = input.rendered.find((object) => isConfigMap(object, statement.object.namespace) && textAt(object, "metadata", "name") === map);
    const before = now && past?.from === "revision" ? pastOf(input, refOf(now)) : undefined;
    const [difference] = changedBelow(before, now, ["data", name]);
    if (!now || !before || !difference || difference.after !== undefined) return [];
    const rootCause = `${place(statement.object, statement.container)} needs ${name}, which ConfigMap ${map} no longer holds.`;
    const changes = restore(refOf(now), [difference]);
    return [
      fix(
        { ...statement, rootCause },
        changes,
        changes.map((change) => `${changeInWords(change)}, as ${before.words}`),
      ),
    ];
  });
}

/** Environment and arguments whose name or value the error lines name word for word. */
function namedByLog({ log, changed, past, statement }: CrashCase): Finding | undefined {
  const errors = log.filter(({ text }) => ERROR.test(text.slice(0, 1000)));
  const named = changed.filter(({ path, after }) => {
    const last = path.find((segment, i) => typeof segment === "object" && path[i - 1] === "env");
    const words = [typeof last === "object" ? last.value : "", ...strings(after)].filter((word) => word.length >= 4);
    return isRun(path) && errors.some(({ text }) => words.some((word) => text.includes(word)));
  });
  return past && named.length > 0 ? restoring({ ...statement, confidence: CONFIDENCE.likely }, past, named) : undefined;
}

function strings(value: FieldChange["after"]): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isObject(value) ? strings(at(value, "value")) : [];
}

/** Fields that decide what the program does (and that guards/class-paths.ts opens for this class). */
function isRun(path: FieldChange["path"]): boolean {
  return path.some((segment, i) => typeof path[i - 1] === "object" && ["command", "args", "env", "image"].includes(String(segment)));
}

/**
 * The log names nothing that git sets: an error of the program. If it worked before, and the last commits changed only how this container runs,
 * then taking that back is what a person on call would do. Only the time speaks for it, so the confidence is low.
 */
function switchedOn({ changed, past, statement, input, log }: CrashCase): Finding {
  const taken = changed.filter(({ path }) => isRun(path));
  const isKnown = past !== undefined && (taken.length > 0 || changed.some(isLoweredMemory));
  const advice = "Look into the program: what it logs is no fault of the manifests.";
  if (!past || !isKnown) return escalate({ ...statement, confidence: CONFIDENCE.circumstantial }, "nothing that git says about this container changed", advice);
  if (past.from !== "revision") return escalate({ ...statement, confidence: CONFIDENCE.guess }, "the last good revision is not known", advice);
  if (changed.every(isLoweredMemory)) {
    const rootCause = `${statement.rootCause.replace(/\.$/, "")}; all that changed is its memory limit, which was lowered to ${shown(changed[0]?.after)}.`;
    return restoring({ ...statement, failureClass: "out-of-memory", rootCause, confidence: CONFIDENCE.guess }, past, changed);
  }
  if (taken.length < changed.length) {
    const others = changed.filter((change) => !taken.includes(change)).map(({ path }) => formatPath(path.slice(-2)));
    return escalate({ ...statement, confidence: CONFIDENCE.guess }, `several kinds of fields changed at once (${others.slice(0, 5).join(", ")} too)`, advice);
  }
  if (log.length === 0 && taken.length > 1) {
    return escalate({ ...statement, confidence: CONFIDENCE.guess }, "several fields changed at once, and no log tells which of them is to blame", advice);
  }
  const commit = input.commits[0];
  const since = commit ? `, since ${commit.sha.slice(0, 8)} ("${shown(commit.subject)}")` : "";
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}; it worked before${since}, and nothing but the change itself speaks for a cause.`;
  return restoring({ ...statement, rootCause, confidence: CONFIDENCE.circumstantial }, past, taken);
}

/** A killed program leaves no word in its log; where the pods are gone, nothing says that memory was the reason: a guess for people. */
function isLoweredMemory({ path, before, after }: FieldChange): boolean {
  return path.at(-1) === "memory" && path.at(-2) === "limits" && moreThan(before, after);
}
