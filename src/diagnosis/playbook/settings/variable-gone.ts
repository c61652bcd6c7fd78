import { textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { otherReaders, variablesOf } from "../../environment.ts";
import type { LogLine } from "../../pods.ts";
import { groupGone, withAlongside } from "../blame/alongside.ts";
import { alsoBlamed } from "../blame/also-blamed.ts";
import { isListedWith } from "../blame/listed-with.ts";
import { messageIn } from "../blame/log-message.ts";
import { lostAlike } from "../blame/lost-alike.ts";
import { strings, variableOf } from "../blame/named-change.ts";
import { asWholeList } from "../blame/whole-list.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { escalate, orElse, place } from "../entry.ts";
import { namesVariable, speaksOf } from "../words.ts";
import { calledShortly } from "./called-shortly.ts";
import { renamedAlike } from "./renamed-variables.ts";
import { UNSET } from "./unset.ts";
import { withoutHalves } from "./without-halves.ts";

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
