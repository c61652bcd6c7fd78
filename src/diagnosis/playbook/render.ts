import { isPlainYaml } from "../../source/text-basis.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { quoteEach } from "../quotes.ts";
import type { Fault } from "../unrenderable/fault.ts";
import type { TextRepair } from "../unrenderable/text-repair.ts";
import { CONFIDENCE, escalate, type PlaybookEntry, repair, type Statement, shown } from "./entry.ts";

/** Manifests that cannot be built at all: the text of their files is repaired from the last good revision, or where one slip has one repair. */
export const render: PlaybookEntry = {
  name: "render",
  topic: "manifests that cannot be built",
  diagnose: (input) => {
    // Helm's errors do not always say that it was the rendering that failed; the head itself does.
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "render" || (reason === "apply" && input.unrenderable));
    if (!symptom || input.rendered.length > 0) return [];
    return [unbuilt(input, symptom.message.slice(0, 6000))];
  },
};

function unbuilt(input: DiagnosisInput, message: string): Finding {
  // The branch's head may be broken in another way by now than what was tried to be delivered.
  const core = kernel(input.renderError ?? message);
  const found = input.unrenderable?.repair;
  const fault = input.unrenderable?.fault;
  const helm = /helm template|UpgradeFailed|InstallFailed|\.Values\b/i.test(message) || input.incident.target.kind === "HelmRelease";
  const statement: Statement = {
    failureClass: helm ? "helm-failed" : "render-failed",
    rootCause: found ? causeOf(found, fault, core) : `The manifests cannot be built: ${fault ? `${placeOf(fault)}: ${shown(core)}` : shown(core)}.`,
    object: input.incident.target,
    quotes: [
      ...quoteEach(input.evidence, [[kernel(message), message, ...pieces(message)]]),
      ...(found ? quoteEach(input.evidence, [diffLines(found)], { kinds: ["git-diff"] }) : []),
    ],
    confidence: CONFIDENCE.likely,
  };
  if (found) return repair({ ...statement, confidence: confidenceOf(found) }, found.files, wordsOf(found, input));
  const commit = input.commits[0];
  const where = fault ? `Look at ${placeOf(fault)}: ${shown(fault.words)}. ` : "";
  const since = commit
    ? `It began with ${commit.sha.slice(0, 8)} ("${shown(commit.subject)}"): correct it there, or revert it.`
    : "Correct the file that the error names.";
  return escalate(statement, "no change is known that surely makes the manifests render again as they were meant", `${where}${since}`);
}

function placeOf({ file, line }: Fault): string {
  return `line ${line} of ${file}`;
}

function confidenceOf({ how, reference }: TextRepair): number {
  if (how === "restored") return CONFIDENCE.confirmed;
  if (how === "key") return CONFIDENCE.likely;
  return reference?.isRename ? CONFIDENCE.likely : CONFIDENCE.suggested;
}

/** One sentence with file and line. */
function causeOf({ how, files, hunks, reference }: TextRepair, fault: Fault | undefined, core: string): string {
  const [first] = hunks;
  if (!first) return `The manifests cannot be built: ${shown(core)}.`;
  const [start, end] = [first.at + 1, (hunks.at(-1)?.at ?? first.at) + 1];
  const place = `Line ${start} of ${first.path}`;
  if (how === "layout" && hunks.length > 1) return `Lines ${start} to ${end} of ${first.path} are indented wrongly, so that the file is no valid YAML.`;
  if (reference)
    return `${place} refers to ${reference.kind} ${reference.wrong}, which does not exist${reference.isRename ? " under that name any more" : ""}.`;
  const isGone = files.some(({ path, before }) => path === first.path && before === undefined);
  if (isGone) return `File ${first.path} was deleted, and the manifests cannot be built without it: ${shown(core)}.`;
  const wrong = first.before.join("");
  if (first.before.length === 1 && wrong.trim() === first.after.join("").trim()) {
    const what = /^ *\t/.test(wrong) ? "is indented with a tab" : "is indented wrongly";
    return `${place} ${what}, so that the file is no valid YAML.`;
  }
  if (how === "key") return `${place} has another key now, which nothing reads, and the manifests cannot be built since: ${shown(core)}.`;
  if (how === "quotes") return `${place} has a value that needs quotes and has none, so that the file is no valid YAML.`;
  if (how === "layout") return `${place} is indented wrongly, so that the file is no valid YAML.`;
  if (fault?.file === first.path && isPlainYaml(first.path)) {
    return `${place} keeps the manifests from being built: ${shown(fault.words)}.`;
  }
  const gone = `${first.after.length === 1 ? "A line is" : `${first.after.length} lines are`} gone at line ${first.at + 1} of ${first.path}`;
  const change = first.before.length === 0 ? gone : `${place} changed`;
  return `${change}, and the manifests cannot be built since: ${shown(core)}.`;
}

function lines(count: number): string {
  return count === 1 ? "a line" : `${count} lines`;
}

function wordsOf({ how, files, hunks, reference }: TextRepair, { lastGood }: DiagnosisInput): string[] {
  return hunks.slice(0, 20).map(({ path, at, before, after }) => {
    if (reference) return `Refer to ${reference.right} instead of ${reference.wrong} in ${path}`;
    if (how === "key") return `Give line ${at + 1} of ${path} its old key again: ${shown(after.join("").trim())}; its value stays`;
    if (how === "quotes") return `Put the value in line ${at + 1} of ${path} into quotes: it then says what was written`;
    if (how === "layout") return `Indent line ${at + 1} of ${path} as its neighbours are; nothing but white space changes`;
    const last = at + Math.max(before.length, 1);
    const where = before.length > 1 ? `lines ${at + 1} to ${last}` : `line ${at + 1}`;
    const as = `as ${lastGood ? lastGood.commit.slice(0, 8) : "the last good revision"} has it`;
    if (files.some((file) => file.path === path && file.before === undefined)) return `Put ${path} back ${as}`;
    if (before.length === 0) return `Put ${lines(after.length)} back at ${where} of ${path}, ${as}`;
    return after.length === 0 ? `Take ${where} of ${path} out again, ${as}` : `Put ${where} of ${path} back ${as}`;
  });
}

/** The same lines as the evidence's diff of the commit shows them. */
function diffLines({ hunks, reference }: TextRepair): string[] {
  if (reference) return [`+++ b/${reference.right}`, reference.right];
  const told = hunks.flatMap(({ before, after }) => [...before.map((line) => `+${line}`), ...after.map((line) => `-${line}`)]);
  return told.map((line) => line.trimEnd()).filter((line) => line.trim().length > 4);
}

function pieces(message: string): string[] {
  return message
    .split(": ")
    .filter((piece) => piece.length > 15)
    .reverse();
}

const KERNELS = [
  /open \S{1,300}\/([\w.-]{1,100}): no such file or directory/,
  /(yaml: line \d+: [^\n]{1,200})/,
  /(MalformedYAMLError: [^\n]{1,200})/,
  /(executing "[^"]{1,200}" at <[^>]{1,200}>:\s{1,10}[^\n]{1,200})/,
  /(could not resolve \w+ chart values reference [^\n]{1,300})/,
];

/** The part that says what is wrong, without the chain of callers before it. */
function kernel(message: string): string {
  const missing = KERNELS[0]?.exec(message)?.[1];
  if (missing !== undefined) return `${missing} is listed but does not exist`;
  for (const pattern of KERNELS.slice(1)) {
    const found = pattern.exec(message)?.[1];
    if (found !== undefined) return found;
  }
  return message.split(": ").slice(-3).join(": ");
}
