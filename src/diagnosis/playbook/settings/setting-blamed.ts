import { describeRef } from "../../../cluster/objects.ts";
import { hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import { formedText, inOldForm } from "../../../source/meant/formed-line.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { changedSettings, type SettingChange } from "../../settings.ts";
import { TAKEN } from "../addresses/taken.ts";
import { UNREACHED } from "../addresses/unreached.ts";
import { hostOrPort } from "../blame/alongside.ts";
import { decisive } from "../blame/decisive.ts";
import { messageIn } from "../blame/log-message.ts";
import { isQuoted, isSetAfterAll, saysInWords } from "../blame/named-change.ts";
import { asVariable, heirsOf, lostTogether, settingsAlong, settingsBeside } from "../blame/settings-along.ts";
import { isReadable, unreadableFor } from "../blame/syntax-blame.ts";
import { isAboutParts, newPathsIn } from "../blame/value-parts.ts";
import { type CrashCase, complaints, lastWords, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, orElse, place, restoringAll, shown } from "../entry.ts";
import { isFollowed } from "../files/followed-file.ts";
import { namesVariable, namesWord } from "../words.ts";
import { type Blamed, blameLines, namesFile } from "./blamed-lines.ts";
import { calledShortly } from "./called-shortly.ts";
import { reportsValue } from "./reported-value.ts";

/**
 * The program complains about a setting that it reads from a ConfigMap, and that changed there. Only what the complaint names goes back: a variable, or lines of a
 * file, by their words or by their number. Where a complaint names the file alone, its only change is to blame.
 */
export function settingBlamed(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, past, statement } = crashCase;
  const settings = past?.from === "revision" ? changedSettings(input, now, found).filter((setting) => !isFollowed(input, setting)) : [];
  // Whose port it is is for the whole pod to say.
  if (!past || settings.length === 0 || TAKEN.test(lastWords(crashCase)?.text ?? "")) return undefined;
  const isMeant = meant(crashCase, settings);
  const blamed = decisiveSettings(settings.flatMap((setting) => blame(setting, complaints(crashCase), isMeant) ?? []));
  const [first] = blamed;
  if (!first) return undefined;
  const named = blamed.map((one) => one.setting);
  const along = settingsAlong(crashCase, settings, named);
  const { setting, line, words } = first;
  const what = setting.file === undefined ? setting.key : `${setting.key} (${setting.file})`;
  const rootCause = `${place(statement.object, statement.container)} stops because of ${what} in ${describeRef(setting.map)}, where ${words}.`;
  const failureClass = isUnreached(first) ? "dependency-address" : statement.failureClass;
  const said = withLine(crashCase, line, { ...statement, failureClass, rootCause, confidence: CONFIDENCE.likely });
  if (along === "half") return hostOrPort(said);
  if (first.misspelt && blamed.length === 1) {
    const { wrong, right } = first.misspelt;
    const change = { object: setting.map, path: ["data", setting.key], before: setting.after, after: first.wanted };
    return fix({ ...said, confidence: CONFIDENCE.suggested }, [change], [`Spell ${shown(wrong)} ${right}, as ${setting.key} has it elsewhere`]);
  }
  const back = [...blamed, ...[...along, ...settingsBeside(crashCase, settings, named)].map((one) => ({ setting: one, wanted: one.before }))];
  const changes = back.map(({ setting: { map, key, after }, wanted }): ObjectChange => ({ object: map, path: ["data", key], before: after, after: wanted }));
  const heirs = heirsOf(settings, named);
  const narrow = inForm(restoringAll(said, past, changes), blamed);
  const wider = heirs.length > 0 ? heirs : lostTogether(settings, [...named, ...back.map((one) => one.setting)]);
  return wider.length > 0 ? orElse(narrow, restoringAll(said, past, [...changes, ...wider])) : narrow;
}

/** What is wanted and was only written in another form is not said to be as before. */
function inForm(finding: Finding, blamed: readonly Blamed[]): Finding {
  const formed = blamed.filter(({ isFormed }) => isFormed);
  if (formed.length === 0 || finding.action.kind !== "fix") return finding;
  const words = formed.map(({ setting }) => `Write what ${setting.key} of ${describeRef(setting.map)} says today in the form that it had`);
  return {
    ...finding,
    confidence: Math.min(finding.confidence, CONFIDENCE.suggested),
    action: { ...finding.action, isFormed: true, words: [...words, ...finding.action.words.slice(formed.length)] },
  };
}

/** Whether a line is about a variable by a name that only its program has for it, or by its field in a report. */
function meant(crashCase: CrashCase, settings: readonly SettingChange[]): (line: LogLine, setting: SettingChange) => boolean {
  const isCalled = calledShortly(crashCase);
  const isHeld = (value: SettingChange["before"]) => settings.some((one) => one.before === undefined && one.after === value);
  return (line, { key, variable = key, before, after }) => {
    const text = messageIn(line.text);
    if (before === undefined || isSetAfterAll(text, after)) return false;
    if (typeof after === "string" && reportsValue(crashCase.log, line, variable, after)) return true;
    return isCalled(text, variable, after !== undefined ? "changed" : isHeld(before) ? "renamed" : "gone");
  };
}

/** Of several variables that one line names, those that it is about. What lines of a file are at fault is known already. */
function decisiveSettings(blamed: readonly Blamed[]): Blamed[] {
  const variables = decisive(blamed.flatMap((one) => (one.setting.file === undefined ? [{ one, line: one.line, change: asVariable(one.setting) }] : [])));
  return blamed.filter((one) => one.setting.file !== undefined || variables.some((variable) => variable.one === one));
}

/** What is told to the program is an address that it does not reach, by its own words. */
function isUnreached({ setting: { before, after }, line }: Blamed): boolean {
  if (typeof after !== "string" || after.length < 4 || !UNREACHED.test(line.text.slice(0, 2000))) return false;
  return line.text.includes(after) || (typeof before === "string" && isAboutParts(line.text, [after], [before]));
}

function blame(setting: SettingChange, lines: readonly LogLine[], isMeant: (line: LogLine, setting: SettingChange) => boolean): Blamed | undefined {
  const { key, before, after, file, variable = key } = setting;
  if (file === undefined || typeof before !== "string" || typeof after !== "string") {
    const isNamed = (text: string) => (namesVariable(text, key) || namesVariable(text, variable)) && !isSetAfterAll(text, after);
    const isSaid = (text: string) => typeof after === "string" && saysInWords(text, variable, after);
    const isAbout = (text: string) => isNamed(text) || isSaid(text) || isValueNamed(text, before, after);
    const isTold = (line: LogLine) => (file === undefined ? isMeant(line, setting) : namesFile(line.text, setting));
    const line = lines.findLast((one) => isAbout(messageIn(one.text)) || isTold(one));
    const gone = after === undefined ? "it is no longer set" : before === undefined ? "it is new" : `it was changed to ${shown(after)}`;
    const formed = line && typeof before === "string" && typeof after === "string" ? inOldForm(before, after, messageIn(line.text)) : undefined;
    return line && { setting, wanted: formed ?? before, line, words: gone, isFormed: formed !== undefined };
  }
  const unreadable = unreadableFor(file, before, after);
  const last = lines.at(-1);
  if (unreadable && last) {
    const words = `line ${unreadable.at + 1} cannot be read: ${shown((unreadable.after[0] ?? "").trim())}`;
    const line = lines.findLast(({ text }) => namesFile(text, setting)) ?? last;
    const formed = formedText(after, [unreadable], [unreadable], messageIn(line.text));
    const isFormed = formed !== undefined && isReadable(file, formed);
    return { setting, wanted: isFormed ? formed : putBack(after, [unreadable]), line, words, isFormed };
  }
  return blameLines(setting, hunksBetween(key, before, after), after, lines);
}

/** A value is named where the complaint quotes it, or a path that is new in it; short ones stand in too many lines. */
function isValueNamed(text: string, before: SettingChange["before"], value: SettingChange["after"]): boolean {
  if (typeof value !== "string" || value.includes("\n")) return false;
  if (value.length < 4) return isQuoted(text, value);
  // Quotes that are a part of the value are escaped by loggers: `lookup tcp/\"8085\"`.
  if (/^(["']).+\1$/.test(value)) return namesWord(text.replaceAll("\\", ""), value);
  const then = typeof before === "string" ? [before] : [];
  return (then.length > 0 && isAboutParts(text, [value], then)) || [value, ...newPathsIn([value], then)].some((one) => namesWord(text, one));
}
