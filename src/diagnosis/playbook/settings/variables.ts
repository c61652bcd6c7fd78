import { at, type Json, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { otherReaders, variablesOf } from "../../environment.ts";
import { type Past, restore } from "../../history.ts";
import type { LogLine } from "../../pods.ts";
import { groupGone, isHalf, withAlongside } from "../blame/alongside.ts";
import { alsoBlamed } from "../blame/also-blamed.ts";
import { decisive } from "../blame/decisive.ts";
import { isListedWith } from "../blame/listed-with.ts";
import { messageIn } from "../blame/log-message.ts";
import { lostAlike } from "../blame/lost-alike.ts";
import { movedAlong } from "../blame/moved-along.ts";
import { isSetAfterAll, isStanding, names, refusesOption, strings, variableOf } from "../blame/named-change.ts";
import { asOthersReadIt } from "../blame/read-by-others.ts";
import { asWholeList } from "../blame/whole-list.ts";
import { putBackItems } from "../crash/arguments.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { unitsAlong } from "../crash/units-along.ts";
import { CONFIDENCE, escalate, oneStop, orElse, place, restoring, restoringAll, shown } from "../entry.ts";
import { leadsToMissingFile, leadsToMovedMount } from "../files/mount-moved.ts";
import { namesVariable, speaksOf } from "../words.ts";
import { calledShortly } from "./called-shortly.ts";
import { keyMisnamed } from "./key-misnamed.ts";
import { keysAlong } from "./keys-along.ts";
import { mapUnread } from "./map-unread.ts";
import { missedAt, missedNames } from "./missed-names.ts";
import { renamedAlike } from "./renamed-variables.ts";
import { reportsValue } from "./reported-value.ts";
import { variableMisnamed } from "./variable-misnamed.ts";

export const UNSET =
  /required|missing|not set|unset|undefined|must be (?:set|provided|given)|not (?:defined|provided|configured)|empty|KeyError|no value|key not found|NotPresent|not been initiali[sz]ed|unbound variable|mandatory|\bto be set\b|\b(?:needed|needs)\b|could not resolve placeholder|\b(?:please|must) (?:set|specify|provide)\b|\bset the \S{1,100} env|\benv(?:ironment)?[ _-]?var(?:iable)?s?:? ["'`]?\S{1,100} not found|\benv(?:ironment)?[ _-]?var(?:iable)? not found/i;
/** An environment variable that is gone, and that the program misses by name. Its value comes back from history only. */
export function variableGone(crashCase: CrashCase): Finding | undefined {
  const { statement, changed, past } = crashCase;
  const lines = complaints(crashCase);
  const gone = changed.flatMap(goneVariables).filter(({ name }) => !isGivenNow(crashCase, name));
  const missed = gone.flatMap(({ name, difference }) => {
    const line = lines.findLast(({ text }) => namesVariable(text, name) || namesFolderOf(text, valueIn(difference, name)));
    return line ? [{ name, difference, line }] : [];
  });
  const spoken = missed.length > 0 ? missed : spokenOf(crashCase, gone);
  const [first] = spoken;
  if (!past || !first) return undefined;
  const all = [...spoken, ...goneAlong(crashCase, namesOf(spoken), gone)];
  const names = namesOf(all).join(", ");
  const left = wentToo(crashCase, namesOf(all), gone);
  const rootCause = `${place(statement.object, statement.container)} needs ${all.length > 1 ? "the environment variables" : "environment variable"} ${names}, which ${all.length > 1 ? "are" : "is"} no longer set.`;
  const said = withLine(crashCase, first.line, { ...statement, rootCause });
  if (left.length > 0) {
    return escalate(
      said,
      `${left.join(", ")} went too, and no commit is known that tells which of them were wanted to go`,
      `Set ${names} again, and what else it needs.`,
    );
  }
  const differences = all.map(({ difference }) => difference);
  const back = [...asWholeList(differences, "env"), ...alsoBlamed(crashCase, namesOf(all)), ...unknownIn(changed, first.line)];
  const narrow = withoutHalves(crashCase, past, said, withAlongside(crashCase, back));
  const heirs = heirsOf(changed, all).filter((heir) => !back.includes(heir));
  return heirs.length > 0 ? orElse(narrow, withoutHalves(crashCase, past, said, withAlongside(crashCase, [...back, ...heirs]))) : narrow;
}

/** Whether the container has a variable of its own from somewhere else now: what everybody else reads as well is nothing that it moved to. */
function isGivenNow({ input, now, found }: CrashCase, name: string): boolean {
  return variablesOf(input, now, found).some((one) => one.name === name && otherReaders(input, one, now, found).length === 0);
}

/** What went with the variables that are missed, each once. */
function goneAlong(crashCase: CrashCase, missed: readonly string[], gone: readonly GoneVariable[]): GoneVariable[] {
  const taken = gone.filter((one) => !isHeldElsewhere(crashCase.changed, one));
  const listed = gone.filter(({ name }) => !missed.includes(name) && isListedWith(crashCase, name, missed));
  const along = [...renamedAlike(crashCase.changed, missed), ...listed, ...lostAlike(crashCase, missed, gone), ...groupGone(crashCase, missed, taken)];
  return along.filter(({ name }, i) => along.findIndex((other) => other.name === name) === i);
}

function namesOf(variables: readonly GoneVariable[]): string[] {
  return variables.map(({ name }) => name);
}

/** What it held came under another name with the commit: it was renamed, and not taken away. */
function isHeldElsewhere(changed: readonly FieldChange[], { name, difference }: GoneVariable): boolean {
  const held = valueIn(difference, name);
  return held !== "" && changed.some(({ before, after }) => before === undefined && strings(after).includes(held));
}

/** The variables that came with what these held: where a template writes the name, the one goes with the other's coming back. */
function heirsOf(changed: readonly FieldChange[], gone: readonly GoneVariable[]): FieldChange[] {
  const held = gone.map(({ name, difference }) => valueIn(difference, name)).filter((value) => value.length >= 4);
  return changed.filter(({ path, before, after }) => before === undefined && typeof path.at(-1) === "object" && held.includes(textAt(after ?? null, "value")));
}

/** Variables that came, and that the complaint names beside the one that went: `unknown setting [cache.sise], did you mean [cache.size]?` */
function unknownIn(changed: readonly FieldChange[], { text }: LogLine): FieldChange[] {
  if (!NOT_KNOWN.test(text.slice(0, 1000))) return [];
  return changed.filter(({ path, before }) => before === undefined && typeof path.at(-1) === "object" && namesVariable(text, variableOf(path) ?? ""));
}

const NOT_KNOWN = /\b(?:unknown|unrecogni[sz]ed|unexpected|unsupported|invalid|not recogni[sz]ed|not known)\b/i;

/** Where no commit tells what was wanted: the program names the first variable that it misses, and others that went with it may be next. */
function wentToo({ input, changed, past }: CrashCase, known: readonly string[], gone: readonly GoneVariable[]): string[] {
  if (past?.from !== "defaulted" || input.evidence.items.some(({ kind }) => kind === "git-diff")) return [];
  const came = changed.filter(({ before }) => before === undefined).length;
  return came > 0 ? namesOf(gone).filter((name) => !known.includes(name)) : [];
}

function withoutHalves(crashCase: CrashCase, past: Past, said: CrashCase["statement"], back: readonly FieldChange[]): Finding {
  const advice = "Put it back together with what belongs to it: the port that is asked, the mount that holds its file.";
  return isHalf(crashCase, back)
    ? escalate(said, "what belongs to it changed as well, and alone it would lead nowhere", advice)
    : together(crashCase, past, said, back);
}

function together({ input }: CrashCase, past: Past, said: CrashCase["statement"], back: readonly FieldChange[]): Finding {
  return restoringAll(said, past, [...restore(said.object, back), ...keysAlong(input, said.object, back)]);
}

/** The one variable that went whose name the program says in its own words: `Failed to configure a DataSource: 'url' attribute is not specified`. */
function spokenOf(crashCase: CrashCase, gone: readonly GoneVariable[]): (GoneVariable & { line: LogLine })[] {
  const lines = complaints(crashCase).filter(({ text }) => UNSET.test(text.slice(0, 1000)) || NOT_GIVEN.test(text.slice(0, 1000)));
  const isCalled = calledShortly(crashCase);
  const spoken = gone.flatMap((one) => {
    const became = isHeldElsewhere(crashCase.changed, one) ? "renamed" : "gone";
    const line = lines.findLast(({ text }) => speaksOf(text, one.name) || isCalled(messageIn(text), one.name, became));
    return line ? [{ ...one, line }] : [];
  });
  return spoken.length === 1 ? spoken : [];
}

const NOT_GIVEN =
  /not (?:been )?(?:specified|configured|given|supplied)|\bno [\w ]{1,60} (?:(?:has been|was|is) )?(?:specified|configured|given|supplied|found|set)/i;

/** Whether a complaint names a folder, and the value is a place inside of it: the program fell back to the folder. */
function namesFolderOf(text: string, value: string): boolean {
  const parents = value.startsWith("/") ? value.split("/").flatMap((_, i, parts) => (i >= 3 ? [parts.slice(0, i).join("/")] : [])) : [];
  return parents.some((folder) => text.includes(`"${folder}"`) || text.includes(`'${folder}'`) || ` ${text} `.includes(` ${folder} `));
}

function valueIn({ before }: FieldChange, name: string): string {
  const item = Array.isArray(before) ? before.find((one) => textAt(one, "name") === name) : before;
  return textAt(item ?? null, "value");
}

interface GoneVariable {
  name: string;
  difference: FieldChange;
}

/** The variables that a difference took away: an item, or the whole list; in the latter case each by itself. */
function goneVariables(change: FieldChange): GoneVariable[] {
  const { path, before, after } = change;
  const last = path.at(-1);
  if (typeof last === "object" && path.at(-2) === "env" && after === undefined) return [{ name: last.value, difference: change }];
  if (last !== "env" || !Array.isArray(before) || after !== undefined) return [];
  return before.map((item) => ({ name: textAt(item, "name"), difference: { path, before: [item], after } }));
}

/** A variable that comes from a ConfigMap or a Secret as a whole, and that a prefix gives another name than the one that the program misses. */
export function variablePrefixed(crashCase: CrashCase): Finding | undefined {
  const { statement, changed, past, found } = crashCase;
  const prefixes = changed.flatMap(prefixesIn);
  const line = complaints(crashCase).findLast(({ text }) => UNSET.test(text.slice(0, 1000)) && missedNames(text).some((name) => !holds(found.value, name)));
  if (!past || !line || prefixes.length === 0) return undefined;
  const [name] = missedNames(line.text).filter((one) => !holds(found.value, one));
  const rootCause = `${place(statement.object, statement.container)} misses environment variable ${name}: all variables of a ConfigMap or Secret have another prefix now.`;
  return restoring(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }), past, prefixes);
}

/** Prefixes that changed: each by itself, also where the list got longer or shorter. */
function prefixesIn(change: FieldChange): FieldChange[] {
  const { path, before, after } = change;
  if (path.at(-3) === "envFrom" && path.at(-1) === "prefix") return [change];
  if (path.at(-1) !== "envFrom" || !Array.isArray(before) || !Array.isArray(after)) return [];
  const source = (item: Json) => JSON.stringify([at(item, "configMapRef", "name") ?? null, at(item, "secretRef", "name") ?? null]);
  return after.flatMap((item, i): FieldChange[] => {
    const old = before.find((other) => source(other) === source(item));
    const [was, is] = [old === undefined ? undefined : at(old, "prefix"), at(item, "prefix")];
    return old === undefined || was === is ? [] : [{ path: [...path, i, "prefix"], before: was, after: is }];
  });
}

/** A variable that the program needs and that nobody ever set. */
export function variableNeverSet(crashCase: CrashCase): Finding | undefined {
  const { statement, changed, found, log } = crashCase;
  const named = complaints(crashCase)
    .filter(({ text }) => UNSET.test(text.slice(0, 1000)))
    .flatMap((line) => missedAt(log, log.indexOf(line)).map((name) => ({ name, line })))
    .filter(({ name }) => !holds(found.value, name) && !changed.some(({ path }) => namesItem(path, name)));
  const last = named.at(-1);
  if (!last) return undefined;
  const misnamed = variableMisnamed(crashCase, last);
  if (misnamed) return misnamed;
  const key = keyMisnamed(crashCase, last);
  if (key) return key;
  const unread = mapUnread(crashCase, last);
  if (unread) return unread;
  const alike = asOthersReadIt(crashCase, last);
  if (alike) return alike;
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${last.name}, which is not set.`;
  return escalate(
    withLine(crashCase, last.line, { ...statement, rootCause, confidence: CONFIDENCE.likely }),
    `no revision is known in which ${last.name} was set`,
    `Set ${last.name}; the bot invents no values.`,
  );
}

function holds(container: CrashCase["found"]["value"], name: string): boolean {
  const list = at(container, "env");
  return Array.isArray(list) && list.some((item) => textAt(item, "name") === name);
}

function namesItem(path: FieldPath, name: string): boolean {
  return path.some((segment) => typeof segment === "object" && segment.value === name);
}

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
