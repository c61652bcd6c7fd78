// A variable or a setting comes from history, stands in what git or the cluster shows, or is a plain number, switch or duration that the
// evidence asks for by name. Addresses and Secret references come from history or point into the delivery; nothing is invented.
import { type Json, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import type { EvidenceKind } from "../../evidence/evidence.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../../source/edit/field-path.ts";
import { apart, hunksBetween, hunksPutBack } from "../../source/edit/hunks.ts";
import { allowedWord } from "../../source/meant/allowed-words.ts";
import { withoutDouble } from "../../source/meant/doubled-variable.ts";
import { digitsOf } from "../../source/meant/float-number.ts";
import { inOldForm, isFormedText } from "../../source/meant/formed-line.ts";
import { keyWithin } from "../../source/meant/key-within.ts";
import { plainPair } from "../../source/meant/plain-pair.ts";
import { readAlike } from "../../source/meant/read-alike.ts";
import { prefixOf } from "../../source/meant/renamed-service.ts";
import { slipMended } from "../../source/meant/text-slips.ts";
import { isCalledAsAsked } from "../asked-file.ts";
import { LOADERS } from "../dangerous.ts";
import { isExpansionFollowed } from "../expansion-followed.ts";
import { baselineOf, evidenceNames, type Grounds, isFromHistory, loggedLines, type Objection, objection, rendered } from "../grounds.ts";
import { isMountedFile } from "../mounted-file.ts";
import { editDistance, isNearName, namesToken } from "../nearness.ts";
import { isInOldForm } from "../old-form.ts";
import { containersOf, inContainer } from "../pod-template.ts";
import { isPortOfHost, isReaddressed } from "../readdressed.ts";
import { renamedKey, renamedVariable } from "../renamed-variable.ts";
import { settingNames } from "../setting-names.ts";
import { findTarget } from "../target-match.ts";
import { isWrittenOut } from "../written-out.ts";
import { configMapKeyObjection, configMapObjection } from "./reference.ts";
import { followsDeclaredPort, isToldDeclaredPort } from "./told-port.ts";

/** What reports the failure. */
const SPEAKERS: readonly EvidenceKind[] = ["log", "container", "pod", "event", "delivery", "render-error"];
const OPTIONS = new Set(["NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"]);
const SIMPLE = /^(true|false|-?\d{1,9}(\.\d{1,6})?(ms|s|m|h|Ki|Mi|Gi|k|M|G)?)$/;

/** @param rest the path below `env`: the item, then the field */
export function environmentObjection(grounds: Grounds, change: FieldChange, rest: FieldPath): Objection {
  const name = typeof rest[0] === "object" ? rest[0].value : "";
  if (LOADERS.has(name) && !isOptionsAgain(grounds, change, name)) return objection("loader-variable", `${name} loads code into the program.`);
  if (isFromHistory(grounds, change)) return undefined;
  const renamed = renamedVariable(grounds, change);
  if (renamed && [renamed.from, renamed.to].includes(name) && isAskedFor(grounds, renamed.to)) return undefined;
  if (change.after === undefined)
    return isBlamed(grounds, name) ? undefined : objection("variable-removed", `Nothing shows that ${name || "the environment"} does harm.`);
  if (isExpansionFollowed(grounds, change)) return undefined;
  if (isToldDeclaredPort(grounds, change, name) || isReadAlike(grounds, change, name)) return undefined;
  if (name === "" && isDoubleLeftOut(grounds, change)) return undefined;
  if (name === "") return objection("variable-unfounded", "The environment is replaced as a whole.");
  if (rest.includes("configMapKeyRef")) return referenceField(grounds, change);
  if (rest.length !== 2 || (rest[1] !== "name" && rest[1] !== "value"))
    return objection("variable-reference", `${name} would be read from somewhere that no earlier revision read it from.`);
  if (rest[1] === "name") return isAskedFor(grounds, name) ? undefined : objection("variable-unfounded", `The evidence does not ask for ${name}.`);
  return settingObjection(grounds, change, name);
}

/** One entry of a variable that is there twice goes, where a log names the variable (source/meant/doubled-variable.ts). */
function isDoubleLeftOut(grounds: Grounds, { path, after }: FieldChange): boolean {
  const { input, object, lastGood } = grounds;
  const [place, workload] = [inContainer(object.kind, path), findTarget(input.rendered, object)];
  const now = place && workload && getIn(workload, place.container);
  if (!place || !now || path.at(-1) !== "env") return false;
  const names = listAt(now, "env").map((item) => textAt(item, "name"));
  const then = (lastGood && getIn(lastGood, place.container)) ?? null;
  return names.some((name) => isAskedFor(grounds, name) && sameJson(withoutDouble(now, then, name) ?? null, after ?? null));
}

/** A variable that the program misses comes to a new container just as it comes to all others of its image. */
function isReadAlike(grounds: Grounds, { path }: FieldChange, name: string): boolean {
  const { input, object, after } = grounds;
  const place = inContainer(object.kind, path);
  const item = place && getIn(after, [...place.container, "env", { key: "name", value: name }]);
  const isNew = place !== undefined && (grounds.lastGood === undefined || getIn(grounds.lastGood, place.container) === undefined);
  if (!place || !item || !isNew || !isAskedFor(grounds, name)) return false;
  const here = input.rendered.filter((one) => [object.namespace, ""].includes(textAt(one, "metadata", "namespace")));
  const others = here.flatMap((one) => containersOf(one).map(({ container }) => container));
  return sameJson(readAlike(others, here, textAt(getIn(after, place.container), "image"), name), item);
}

/**
 * A runtime's options may be what is broken (a heap that is too small): they go back to exactly what the last good revision had, and nowhere else. Where it had none,
 * they go as a whole.
 */
function isOptionsAgain(grounds: Grounds, change: FieldChange, name: string): boolean {
  const isValue = typeof change.before === "string" && change.path.at(-1) === "value";
  const isTaken = change.after === undefined && typeof change.path.at(-1) === "object";
  if (!OPTIONS.has(name) || !(isValue || isTaken)) return false;
  return isFromHistory(grounds, change) || (isValue && isPutBackByWord(grounds, change));
}

/** Options in one text, some of which are again what the last good revision had, while all others are as they are today. */
function isPutBackByWord({ lastGood }: Grounds, { path, before, after }: FieldChange): boolean {
  const [then, now, words] = [lastGood && getIn(lastGood, path), before, after].map((value) => (typeof value === "string" ? value.split(" ") : undefined));
  if (!then || !now || !words || words.length !== now.length) return false;
  return words.every((word, i) => word === now[i] || then.includes(word));
}

function referenceField(grounds: Grounds, change: FieldChange): Objection {
  const last = change.path.at(-1);
  if (last === "name") return configMapObjection(grounds, change);
  return last === "key" ? configMapKeyObjection(grounds, change) : objection("variable-reference", "The reference changes in a way that no fix needs.");
}

/** A literal: of a variable, or of a key in a ConfigMap. */
export function settingObjection(grounds: Grounds, change: FieldChange, name: string): Objection {
  if (isFromHistory(grounds, change) || isCalledAsAsked(grounds, change)) return undefined;
  const renamed = renamedKey(grounds);
  if (renamed && [renamed.from, renamed.to].includes(name) && isAskedFor(grounds, renamed.to)) return undefined;
  if (change.after === undefined) return isBlamed(grounds, name) ? undefined : objection("variable-removed", `Nothing shows that ${name} does harm.`);
  if (typeof change.after !== "string") return objection("variable-type", `The value of ${name} is no text.`);
  // The same number in digits, or without what stands around it, says nothing else.
  if (typeof change.before === "string" && /^\d+$/.test(change.after) && change.before.replaceAll(/["'\s]/g, "") === change.after) return undefined;
  if (typeof change.before === "string" && digitsOf(change.before) === change.after) return undefined;
  if (typeof change.before === "string" && plainPair(change.before) === change.after && isNamedAsCause(grounds, name)) return undefined;
  if (isPutBackInPart(grounds, change) || isPutBackByWord(grounds, change) || isRespelt(grounds, change) || followsDeclaredPort(grounds, change))
    return undefined;
  if (isFormed(grounds, change)) return undefined;
  if (isWrittenOut(grounds, change, name) || isInOldForm(grounds, change) || isSlipMended(grounds, change, name) || isTakenOut(grounds, change, name))
    return undefined;
  if (change.before === undefined && isKnownOtherwise(grounds, change, name))
    return objection("value-known", `An earlier revision had another value for ${name}.`);
  if (isReaddressed(grounds, name, baselineOf(grounds, change), change.after)) return undefined;
  if (isAllowedByProgram(grounds, change, name)) return undefined;
  if (isPortOfHost(grounds, change, name) || isMountedFile(grounds, baselineOf(grounds, change), change.after)) return undefined;
  const { failureClass } = grounds.input.proposal;
  if (failureClass === "dependency-address") return addressObjection(grounds, change.after, name, baselineOf(grounds, change));
  if (change.before !== undefined && grounds.lastGood && sameJson(getIn(grounds.lastGood, change.path), change.before)) {
    return objection("value-worked", `${name} had this value when everything worked.`);
  }
  if (!isNamedAsCause(grounds, name) && !wasNamed(grounds, change)) return objection("variable-unfounded", `The evidence does not name ${name}.`);
  if (change.after.length <= 500 && change.after !== "" && (isInDiff(grounds, "-", change.after) || evidenceNames(grounds, change.after, "replica-set")))
    return undefined;
  const wasSimple = (change.before === undefined && isCalled(grounds, name)) || (typeof change.before === "string" && !looksLikeAddress(change.before));
  const isSimple = SIMPLE.test(change.after) && wasSimple;
  return isSimple ? undefined : objection("value-unfounded", `Nothing in git or in the cluster shows this value for ${name}.`);
}

/** What is set today in the form in which it was at the last good revision, as a log complains of it (source/meant/formed-line.ts). */
function isFormed(grounds: Grounds, { path, before, after }: FieldChange): boolean {
  const then = grounds.lastGood && getIn(grounds.lastGood, path);
  if (typeof then !== "string" || typeof before !== "string" || typeof after !== "string" || before.length > 100_000) return false;
  const lines = loggedLines(grounds).map((line) => line.slice(0, 2000));
  if (!before.includes("\n")) return lines.some((line) => inOldForm(then, before, line) === after);
  return lines.some((line) => isFormedText(then, before, after, line));
}

/** One character, or one changed line, of a file of a ConfigMap, as the program's own complaint and the file show (source/meant/text-slips.ts). */
function isSlipMended(grounds: Grounds, { path, before, after }: FieldChange, name: string): boolean {
  if (grounds.object.kind !== "ConfigMap" || path[0] !== "data" || typeof before !== "string") return false;
  const then = findTarget(grounds.input.lastGood ?? [], grounds.object);
  const text = textAt(then ?? null, "data", name);
  return loggedLines(grounds).some((line) => slipMended(before, name, line.slice(0, 2000), text === "" ? undefined : text) === after);
}

/** A file that stood in the text of another one of its ConfigMap, one level too deep, and that one without it: both or none (source/meant/key-within.ts). */
function isTakenOut(grounds: Grounds, { path, before }: FieldChange, name: string): boolean {
  if (grounds.object.kind !== "ConfigMap" || path[0] !== "data") return false;
  const texts = objectAt(findTarget(grounds.input.rendered, grounds.object), "data");
  const now = objectAt(grounds.after, "data");
  return loggedLines(grounds).some((line) =>
    Object.entries(texts).some(([from, text]) => {
      const within = typeof text === "string" ? keyWithin(text, line.slice(0, 2000)) : undefined;
      if (!within || now[within.key] !== within.value || now[from] !== within.rest) return false;
      return before === undefined ? within.key === name : from === name;
    }),
  );
}

/** A text of several lines of which some are again what the last good revision had there, and all others are as they are today. */
function isPutBackInPart({ lastGood }: Grounds, { path, before, after }: FieldChange): boolean {
  const then = lastGood && getIn(lastGood, path);
  if (typeof then !== "string" || typeof before !== "string" || typeof after !== "string" || !before.includes("\n")) return false;
  return (hunksPutBack(hunksBetween("", then, before).flatMap(apart), before, after) ?? []).length > 0;
}

/**
 * One word of a text is spelt as the same text, or what it was at the last good revision, spells it: a word that the last good revision did not have, that the
 * program complains about, and that is no more than two letters away.
 */
function isRespelt(grounds: Grounds, { path, before, after }: FieldChange): boolean {
  const then = grounds.lastGood && getIn(grounds.lastGood, path);
  if (typeof then !== "string" || typeof before !== "string" || typeof after !== "string" || before.length > 100_000) return false;
  const [old, now] = [before, after].map((text) => text.split(/([^\w.-]+)/));
  const differing = (old ?? []).flatMap((word, i) => (word === now?.[i] ? [] : [i]));
  const [at, ...more] = differing;
  if (at === undefined || more.length > 0 || old?.length !== now?.length) return false;
  const [wrong = "", right = ""] = [old?.[at], now?.[at]];
  const isKnown = [before, then].some((text) => namesToken(text, right));
  return (
    /^[A-Za-z_][\w.-]{5,}$/.test(right) &&
    isKnown &&
    !namesToken(then, wrong) &&
    editDistance(wrong, right, 2) <= 2 &&
    evidenceNames(grounds, wrong, ...SPEAKERS)
  );
}

/** By itself, and not only in small letters, as many a word of a log is: such a variable gets no value that nobody ever gave it. */
function isCalled(grounds: Grounds, name: string): boolean {
  return isInDiff(grounds, "-", name) || isInDiff(grounds, "+", name) || evidenceNames(grounds, name, ...SPEAKERS);
}

/** Named by the program or the cluster, or changed since the last good revision: what merely stands beside a change is not meant. */
function isNamedAsCause(grounds: Grounds, name: string): boolean {
  const isSaid = () => settingNames(grounds, name).some((one) => evidenceNames(grounds, one, ...SPEAKERS));
  return isInDiff(grounds, "-", name) || isInDiff(grounds, "+", name) || isSaid();
}

/** Whether the evidence names the old value, as "invalid value x" does. */
function wasNamed(grounds: Grounds, { before }: FieldChange): boolean {
  return typeof before === "string" && before.length >= 3 && evidenceNames(grounds, before, ...SPEAKERS);
}

/**
 * A new variable is one that git shows was dropped, or one written like a variable that the evidence names, in small letters as the field of settings that has several
 * words (pydantic: `database_url`); not just any word of a log.
 */
function isAskedFor(grounds: Grounds, name: string): boolean {
  if (isInDiff(grounds, "-", name)) return true;
  const isSaid = evidenceNames(grounds, name, ...SPEAKERS) || (name.includes("_") && evidenceNames(grounds, name.toLowerCase(), "log"));
  return /^[A-Z][A-Z0-9_]{2,}$/.test(name) && isSaid;
}

/**
 * The program itself lists what the setting may be, or wants a boolean, in a line that names it or its value: a word almost like the old one, or what means the
 * same.
 */
function isAllowedByProgram(grounds: Grounds, change: FieldChange, name: string): boolean {
  const before = baselineOf(grounds, change);
  const names = settingNames(grounds, name);
  const isAbout = (line: string) =>
    names.some((one) => namesToken(line, one)) || (typeof before === "string" && before.length >= 2 && namesToken(line, before));
  const lines = loggedLines(grounds).filter(isAbout);
  return typeof before === "string" && lines.some((line) => allowedWord(line, before, isNearName) === change.after);
}

/** Whether history or git knows the value that a missing variable had, and it is not this one: then nothing is to be guessed. */
function isKnownOtherwise(grounds: Grounds, { path, after }: FieldChange, name: string): boolean {
  if (grounds.lastGood && getIn(grounds.lastGood, path) !== undefined) return true;
  return isInDiff(grounds, "-", name) && !(typeof after === "string" && isInDiff(grounds, "-", after));
}

/** A variable is only taken away where git shows that it came with the failure. */
function isBlamed(grounds: Grounds, name: string): boolean {
  return isInDiff(grounds, "+", name);
}

/** Whether a line that git shows as removed (-) or added (+) since the last good revision names this word. */
function isInDiff({ input }: Grounds, sign: "+" | "-", word: string): boolean {
  const diffs = input.evidence.items.filter(({ kind }) => kind === "git-diff" || kind === "render-diff");
  return diffs.some(({ text }) => text.split("\n").some((line) => line.startsWith(sign) && namesToken(line, word)));
}

function looksLikeAddress(value: string): boolean {
  return value.includes("://") || value.includes("@") || /[a-z]\.[a-z]/i.test(value);
}

/** The address may only change in its host and port, and only to a Service of the delivery. */
function addressObjection(grounds: Grounds, after: string, name: string, before: Json | undefined): Objection {
  if (typeof before !== "string") return objection("address-new", `${name} held no address before.`);
  const [was, is] = [hostIn(before), hostIn(after)];
  if (!was || !is) return objection("address", `${name} holds no address.`);
  if (was.around.join("\n") !== is.around.join("\n")) return objection("address", `More than the host and port of ${name} changes.`);
  const service = rendered(grounds, "Service").find((candidate) =>
    isServiceHost(is.host, textAt(candidate, "metadata", "name"), grounds.object.namespace || grounds.input.target.namespace),
  );
  if (!service) return objection("address-unknown", `${is.host.slice(0, 80)} is no Service of this delivery.`);
  const isOwn = is.port === `$(${prefixOf(textAt(service, "metadata", "name"))}_SERVICE_PORT)`;
  const port = is.port === "" || isOwn || listAt(service, "spec", "ports").some((one) => String(getIn(one, ["port"])) === is.port);
  return port ? undefined : objection("address-port", `The Service has no port ${is.port}.`);
}

function hostIn(value: string): { host: string; port: string; around: [string, string] } | undefined {
  const match =
    value.length > 500
      ? null
      : /^((?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]*@)?)([a-zA-Z0-9.-]+|\$\([A-Z0-9_]+_SERVICE_HOST\))(?::(\d{1,5}|\$\([A-Z0-9_]+_SERVICE_PORT\)))?((?:[/?].*)?)$/.exec(
          value,
        );
  return match ? { host: match[2] ?? "", port: match[3] ?? "", around: [match[1] ?? "", match[4] ?? ""] } : undefined;
}

/** By its name, or by the variable in which Kubernetes gives a pod its address. */
function isServiceHost(host: string, service: string, namespace: string): boolean {
  if (host === `$(${prefixOf(service)}_SERVICE_HOST)`) return true;
  return [service, `${service}.${namespace}`, `${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`].includes(host);
}
