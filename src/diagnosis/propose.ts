import { isObject, refOf, sameRef } from "../cluster/objects.ts";
import { tryEditFiles } from "../source/edit/document-edits.ts";
import { editDocument } from "../source/edit/edit.ts";
import { getIn } from "../source/edit/field-path.ts";
import { editedAsYaml, textAsYaml } from "../source/edit/plain-text.ts";
import { hasAnchors, parseYaml } from "../source/edit/yaml-documents.ts";
import { skeletonOf } from "../source/plan/overlay-patch.ts";
import { fileOfValue } from "../source/slips/map-files.ts";
import { readTextBasis, touchedFiles } from "../source/slips/text-basis.ts";
import type { DocumentEdit, FileChange, ObjectChange, OfferedDocument } from "../source/workspace.ts";
import type { DiagnosisInput, Finding, Proposal } from "./diagnosis.ts";
import { formText } from "./form-text.ts";
import { leaveLabelOut } from "./label-selectors.ts";
import { mergeDoubledKey } from "./merge-doubled-key.ts";
import { leadPatchesBack } from "./recounted.ts";
import { restoreText } from "./restore-text.ts";
import { editTemplate } from "./template-lines.ts";
import { withTwins } from "./twins.ts";

export type FixFinding = Finding & { action: Extract<Finding["action"], { kind: "fix" }> };

export type Proposed = { kind: "proposed"; proposal: Proposal; documents: OfferedDocument[] } | NotProposed;

interface NotProposed {
  kind: "not-proposed";
  reason: string;
  /** New lines of a template were not tried, and may do it. */
  mayBeBrought?: boolean;
}

/** Turns wanted differences of rendered objects into corrected documents, in the same form as a model's answer. */
export async function propose(input: DiagnosisInput, finding: FixFinding): Promise<Proposed> {
  const { orElse, ...action } = finding.action;
  // New lines of a template are the last resort: the wider change may be what a person would write.
  const first = await proposeExactly(input, finding, { mayBring: !orElse });
  const owners = orElse ? undefined : withOwners(input, action.changes);
  const other = orElse ? { kind: action.kind, ...orElse } : owners && { ...action, ...owners };
  if (first.kind === "proposed" || !other) return first;
  const second = await proposeExactly(input, { ...finding, action: other }, { mayBring: true });
  if (second.kind === "proposed" || !orElse) return second;
  const files = first.mayBeBrought ? await editTemplate(input, action.changes) : undefined;
  return files ? proposed(finding, { files, words: action.words }) : first;
}

function proposed(finding: FixFinding, repair: Parameters<typeof proposeRepair>[1]): Proposed {
  return { kind: "proposed", proposal: proposeRepair(finding, repair), documents: [] };
}

/** Undefined where no change is of the kind. */
function withOwners(input: DiagnosisInput, changes: readonly ObjectChange[]): { changes: ObjectChange[] } | undefined {
  const wider = changes.map((change) => withOwner(input, change));
  return wider.some((change, i) => change !== changes[i]) ? { changes: wider } : undefined;
}

/** Where a field goes that was all of its mapping, the mapping goes: charts leave out what is empty (`with`). */
function withOwner({ rendered }: DiagnosisInput, change: ObjectChange): ObjectChange {
  const path = change.path.slice(0, -1);
  const object = rendered.find((one) => sameRef(refOf(one), change.object));
  const owner = object && getIn(object, path);
  const isAll = change.after === undefined && path.length > 1 && isObject(owner) && Object.keys(owner).length === 1;
  return isAll ? { object: change.object, path, before: owner, after: undefined } : change;
}

const LED_BACK = "Lead the patches to the items of lists that they were for";

const MERGED = "Make one mapping of the two of the same name: Helm takes the last one alone";

/** @param mayBring whether a template may get or lose whole lines that it never had */
async function proposeExactly(input: DiagnosisInput, finding: FixFinding, { mayBring }: { mayBring: boolean }): Promise<Proposed> {
  const { changes, words } = finding.action;
  const ledBack = finding.action.restores ? await leadPatchesBack(input, changes) : undefined;
  if (ledBack) {
    const said = [LED_BACK, ...(ledBack.isExact ? words : [])];
    return proposed(finding, { files: ledBack.files, words: said });
  }
  const formed = finding.action.isFormed ? await formText(input, finding) : undefined;
  if (formed) return proposed(finding, { files: formed, words });
  const left = finding.action.restores ? await leaveLabelOut(input, changes) : undefined;
  if (left) return proposed(finding, { files: left.files, words: [left.words] });
  const merged = await mergeDoubledKey(input, changes);
  if (merged) return proposed(finding, { files: merged, words: [MERGED, ...words] });
  const touched = finding.action.restores ? await touchedFiles(input.workspace, input.lastGood?.workspace) : new Map<string, string | undefined>();
  let plan = await input.workspace.plan(changes, touched);
  const wider = plan.kind === "refused" ? withTwins(input, changes) : changes;
  if (wider.length > changes.length) plan = await input.workspace.plan(wider, touched);
  if (plan.kind === "refused") {
    // What a template said until the commit is more than what it rendered.
    const isBrought = changes.some(({ before, after }) => before === undefined || after === undefined);
    const isTemplated = plan.code === "templated";
    const edited = isTemplated && (mayBring || !isBrought) ? () => editTemplate(input, changes) : undefined;
    const back = finding.action.restores ? () => restored(input, changes, wider) : undefined;
    const content = await contentOf(input, changes);
    if (content) return proposed(finding, { files: content, words });
    const files = isBrought ? ((await back?.()) ?? (await edited?.())) : ((await edited?.()) ?? (await back?.()));
    return files ? proposed(finding, { files, words }) : { kind: "not-proposed", reason: plan.message, mayBeBrought: isTemplated && isBrought && !mayBring };
  }
  const documents = await offered(input, plan.edits);
  if (documents === undefined) return { kind: "not-proposed", reason: "a document that would have to change is a Secret, or cannot be read" };
  const corrected: Proposal["documents"] = [];
  for (const document of documents) {
    const edits = plan.edits.filter((edit) => edit.file === document.file && edit.document === document.index);
    if (edits.length === 0) continue;
    const yaml = await correctedText(input, document, edits);
    if (yaml.kind === "refused") return { kind: "not-proposed", reason: `the document cannot be edited: ${yaml.message}` };
    corrected.push({ id: document.id, yaml: yaml.text });
  }
  const proposal: Proposal = {
    origin: "playbook",
    failureClass: finding.failureClass,
    rootCause: finding.rootCause,
    target: finding.target,
    confidence: finding.confidence,
    quotes: finding.quotes,
    documents: corrected,
    words,
  };
  return { kind: "proposed", proposal, documents };
}

/** The file that a generator takes as the one value that changes, just as it is: it is no document in which places are looked for. */
async function contentOf(input: DiagnosisInput, [only, ...more]: readonly ObjectChange[]): Promise<FileChange[] | undefined> {
  const { before, after, object } = only ?? {};
  if (more.length > 0 || object?.kind !== "ConfigMap" || typeof before !== "string" || typeof after !== "string" || !before.includes("\n")) return undefined;
  const { files } = await readTextBasis(input.workspace, input.lastGood?.workspace);
  const file = fileOfValue(files, before);
  return file ? [{ path: file.path, before, after }] : undefined;
}

async function restored(input: DiagnosisInput, changes: readonly ObjectChange[], wider: readonly ObjectChange[]): Promise<FileChange[] | undefined> {
  return (await restoreText(input, changes)) ?? (wider.length > changes.length ? await restoreText(input, wider) : undefined);
}

/** A repair of text needs no place to be found: it is in the files already. */
export function proposeRepair(finding: Finding, { files, words }: Pick<Extract<Finding["action"], { kind: "repair" }>, "files" | "words">): Proposal {
  const { failureClass, rootCause, target, confidence, quotes } = finding;
  const texts = files.map(({ path, after }) => ({ path, text: after }));
  return { origin: "playbook", failureClass, rootCause, target, confidence, quotes, documents: [], files: texts, words };
}

/** The offered documents, with those that the edits need added; undefined where one of them must not be shown or is not there. */
async function offered(input: DiagnosisInput, edits: readonly DocumentEdit[]): Promise<OfferedDocument[] | undefined> {
  const documents = [...input.documents];
  for (const edit of edits) {
    const { file, document: index } = edit;
    if (documents.some((document) => document.file === file && document.index === index)) continue;
    const id = `D${Math.max(0, ...documents.map((document) => Number(document.id.slice(1)) || 0)) + 1}`;
    if (edit.path.length === 0 && isObject(edit.value)) {
      documents.push({ id, file, index, role: "patch", text: "", value: skeletonOf(edit.value), isNew: true });
      continue;
    }
    const found = (await input.workspace.documentsIn([file])).find((document) => document.index === index);
    if (!found || found.secret) return undefined;
    const { role, text, value, format } = found;
    documents.push({ id, file, index, role, text, value, ...(format ? { format } : {}) });
  }
  return documents;
}

type Corrected = { kind: "corrected"; text: string } | { kind: "refused"; message: string };

async function correctedText(input: DiagnosisInput, document: OfferedDocument, edits: readonly DocumentEdit[]): Promise<Corrected> {
  if (document.isNew) return newText(input, edits);
  if (document.format) return { kind: "corrected", text: editedAsYaml(document.value, edits) };
  const before = await input.workspace.tree.read(document.file);
  if (before === undefined) return { kind: "refused", message: "it is not there any more" };
  const edited = editDocument(before, edits);
  if (edited.kind === "refused") return { kind: "refused", message: edited.message };
  const parsed = parseYaml(edited.text);
  const found = parsed.kind === "parsed" ? parsed.documents[document.index] : undefined;
  if (!found) return { kind: "refused", message: "it cannot be read after the edit" };
  const text = edited.text.slice(found.start, found.end);
  // What the file says by anchors a proposal has to say in full; the file keeps them.
  return { kind: "corrected", text: hasAnchors(text) ? textAsYaml(found.value) : text };
}

async function newText(input: DiagnosisInput, edits: readonly DocumentEdit[]): Promise<Corrected> {
  const made = await tryEditFiles(input.workspace.tree, edits);
  const [file] = made.kind === "edited" ? made.files : [];
  return file ? { kind: "corrected", text: file.after } : { kind: "refused", message: "the new patch cannot be written" };
}
