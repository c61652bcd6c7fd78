import { SUCCEEDED_KINDS } from "../../cluster/api-successors.ts";
import { hunksBetween, linesOf } from "../../source/edit/hunks.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { type BasisFile, isPlainYaml } from "../../source/slips/text-basis.ts";
import type { GateInput } from "../gate.ts";
import { type GuardFinding, type GuardResult, refused } from "../report.ts";
import { EDITABLE_KINDS } from "../scope.ts";
import { broughtKinds, HARMLESS } from "./reference.ts";
import { CLASSES, isApiVersionRepair, isOfBase, isRestoration, isSuccession } from "./repair-kinds.ts";
import { isTemplateWriting } from "./template.ts";
import { isTemplateNamed } from "./template-name.ts";

const MOST_CHARACTERS = 1024 * 1024;

/** YAML: where a file has to be YAML as it is, it has to be so now, by Kubernetes' strict rules. */
export function readableText({ proposal }: GateInput): GuardResult {
  const findings = (proposal.files ?? []).flatMap(({ path, text }) => {
    if (text.length > MOST_CHARACTERS) return [refused("yaml", "too-large", `${path} is too long.`)];
    const outcome = isPlainYaml(path) ? parseYaml(text) : undefined;
    return outcome?.kind === "refused" ? [refused("yaml", outcome.rule, `${path} cannot be read after the repair: ${outcome.message}`)] : [];
  });
  return { findings };
}

/** Scope: only files that the delivery reads and that cannot be rendered now, and in them no document of a kind that a fix never edits. */
export function textScope(input: GateInput): GuardResult {
  const { proposal, rendered, texts } = input;
  const findings: GuardFinding[] = [];
  const no = (rule: string, message: string) => findings.push(refused("scope", rule, message));
  const files = proposal.files ?? [];
  if (isApiVersionRepair(input)) {
    // Another apiVersion is another kind of document: the scope of documents forbids it, and only git's own earlier line or a closed table may bring it.
  } else if (isTemplateWriting(input) || isOfBase(input)) {
    // The source renders, and only words of a template change, where patches and the like lead, or the key of a value: that is judged on the rendered objects.
  } else if (isRestoration(input)) {
    // Only lines that the last good revision had (traceText); what they do is judged on the rendered objects, field by field, like any other fix.
  } else if (!CLASSES.includes(proposal.failureClass)) no("text-class", `A failure of class ${proposal.failureClass} is fixed in documents, not in text.`);
  else if (rendered.length > 0) no("text-renders", "The source can be rendered as it is: a fix of it is made in documents.");
  if (proposal.documents.length > 0) no("text-and-documents", "A repair of text brings no documents.");
  if (new Set(files.map(({ path }) => path)).size !== files.length) no("duplicate-document", "A file is there more than once.");
  for (const { path, text } of files) {
    const base = texts?.files.find((file) => file.path === path);
    if (!base) no("unknown-document", `The delivery does not read ${path}.`);
    else
      for (const kind of forbiddenKinds(base, text).filter((one) => !isSucceeded(input, one) && !(HARMLESS.has(one) && isTemplateNamed(input, { path, text }))))
        no("kind", `The repair of ${path} touches a ${kind}, which a fix never edits.`);
    for (const kind of base && texts ? broughtKinds(texts, base, text) : [])
      no("kind", `The repair of ${path} would bring a ${kind}, which is for people to list.`);
  }
  return { findings };
}

/** Kinds of the table are none that a fix edits; of them nothing but the version changes. */
function isSucceeded(input: GateInput, kind: string): boolean {
  return SUCCEEDED_KINDS.has(kind) && isSuccession(input);
}

/** Kinds that are settings of a delivery. */
const SETTINGS: ReadonlySet<string> = new Set(["Kustomization", "Component", "HelmRelease"]);

/** The kinds of the documents around the lines that change, where they are not among those that a fix may edit. Works on lines: the text may be no YAML. */
function forbiddenKinds({ path, text: before }: BasisFile, after: string): string[] {
  const changed = hunksBetween(path, before, after);
  const lines = linesOf(after);
  const kinds = changed.flatMap(({ at, before: gone, after: come }) => {
    const [old, now] = [documentAround(linesOf(before ?? ""), at, gone.length), documentAround(lines, at, come.length)];
    return [...kindsOf(old), ...kindsOf(now), ...kindsOf([...gone, ...come])];
  });
  const whole = /^sops:/m.test(after) ? ["document that sops encrypts"] : [];
  return [...new Set([...kinds.filter((kind) => !EDITABLE_KINDS.has(kind) && !SETTINGS.has(kind)), ...whole])];
}

function documentAround(lines: readonly string[], at: number, length: number): string[] {
  const isMark = (line: string) => line.startsWith("---");
  let from = Math.min(at, lines.length);
  while (from > 0 && !isMark(lines[from - 1] ?? "")) from--;
  let to = Math.min(at + length, lines.length);
  while (to < lines.length && !isMark(lines[to] ?? "")) to++;
  return lines.slice(from, to);
}

/** What stands behind a `kind:` that begins a document, or a whole line: templates are read as they are. */
function kindsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const found = /^[ \t]{0,2}(?:- )?["']?kind["']?[ \t]*:[ \t]*["']?([^\s"'#]{1,100})/.exec(line);
    return found?.[1] ? [found[1]] : [];
  });
}
