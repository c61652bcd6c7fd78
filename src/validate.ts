import { judgeWithCluster } from "./ask-cluster.ts";
import { isObject, sameRef } from "./cluster/objects.ts";
import type { Evidence } from "./evidence/evidence.ts";
import { knownImages } from "./evidence/known-images.ts";
import type { Standing } from "./follow-up.ts";
import type { GateInput } from "./guards/gate.ts";
import { guardHead } from "./guards/head.ts";
import { pastOf } from "./incident/earlier-revisions.ts";
import { type HeadVerdict, renderCheck } from "./pull-request/check.ts";
import { hasCheck, publishCheck } from "./pull-request/check-run.ts";
import type { OurPull } from "./pull-request/pull.ts";
import type { ReconcileParts } from "./reconcile.ts";
import { gatherEvidence, permittedPlaces } from "./repair.ts";
import { inputsOf } from "./source/compare.ts";
import { manifestsBeside } from "./source/delivery/manifests-beside.ts";
import { textAsYaml } from "./source/edit/plain-text.ts";
import { hasAnchors } from "./source/edit/yaml-documents.ts";
import { changedPaths } from "./source/git/changed-files.ts";
import { type History, readHistory } from "./source/history.ts";
import { isKustomization } from "./source/input-documents.ts";
import { type OpenedSource, openSource } from "./source/open.ts";
import { skeletonOf } from "./source/plan/overlay-patch.ts";
import { readTextBasis, type TextBasis } from "./source/slips/text-basis.ts";
import type { FileChange, OfferedDocument, Workspace } from "./source/workspace.ts";

const NO_EVIDENCE: Evidence = { items: [], omitted: 0, redactions: {} };

/** Validates the head of one of our pull requests, once for each head, and again when somebody asks. */
export async function validateHead(parts: ReconcileParts, standing: Standing, pull: OurPull): Promise<void> {
  const { octokit, repository } = standing.home;
  const demand = parts.memory.demandFor(repository, pull.headSha);
  if (demand === "none") return;
  if (demand === "unknown" && (await hasCheck(octokit, repository, pull.headSha))) return parts.memory.checked(repository, pull.headSha);
  const source = await openSource(standing.observation.source, parts.opener);
  const verdict: HeadVerdict =
    source.kind === "refused"
      ? { kind: "not-applicable", why: `The delivery's source cannot be read: ${source.message}` }
      : await judgeHead(parts, standing, pull, source);
  await publishCheck(octokit, repository, pull.headSha, renderCheck(verdict), { hasButtons: true });
  parts.memory.checked(repository, pull.headSha);
}

/** The whole gate on the difference between the commit that the fix was made from and the branch's head now. */
async function judgeHead(parts: ReconcileParts, standing: Standing, pull: OurPull, { repository, open }: OpenedSource): Promise<HeadVerdict> {
  const [base, head] = [open(await repository.tree(pull.baseSha)), open(await repository.tree(pull.headSha))];
  const since = standing.incidents.find(({ target }) => sameRef(target, pull.target))?.since;
  const history = await readHistory({ repository, head: base, ...pastOf(standing.observation, pull.target, since), open });
  const judge = (texts?: TextBasis) => judgeDifference(parts, standing, pull, { base, head, history, ...(texts ? { texts } : {}) });
  const asText = async () => judge(await readTextBasis(base, history.lastGood?.workspace));
  if ((await base.render()).kind === "failed") return asText();
  const asDocuments = await judge();
  if (asDocuments.kind !== "refused") return asDocuments;
  // Lines of the last good revision, another apiVersion, quotes in a template: what no document may change has grounds of its own as text.
  const otherwise = await asText();
  return otherwise.kind === "approved" ? otherwise : asDocuments;
}

/** What a branch's head changes, as corrected documents, or as text where there is a basis to trace it to. */
interface HeadCase {
  base: Workspace;
  head: Workspace;
  history: History;
  texts?: TextBasis;
}

async function judgeDifference(parts: ReconcileParts, standing: Standing, pull: OurPull, one: HeadCase): Promise<HeadVerdict> {
  const { base, head, texts } = one;
  const [before, after] = [await base.render(), await head.render()];
  const read = new Set([...[before, after].flatMap(inputsOf), ...(texts?.files ?? []).map(({ path }) => path)]);
  const paths = (await changedPaths(base.tree, head.tree)).filter((path) => read.has(path));
  if (paths.length === 0) return { kind: "not-applicable", why: "The branch changes no file that the delivery reads." };
  const files: FileChange[] = await Promise.all(
    paths.map(async (path) => ({ path, before: await base.tree.read(path), after: (await head.tree.read(path)) ?? "" })),
  );
  const input = await headInput(parts, standing, pull, one, files);
  const made = { files, before, after, alsoAffects: await base.alsoAffects(files), breaks: await base.breaks(files) };
  return judgeWithCluster(parts, standing.observation, pull.target.namespace, made, (known) => guardHead(input, known));
}

/** The commits as if they were a proposal, beside the evidence and the history that the fix itself was judged with. */
async function headInput(
  parts: ReconcileParts,
  { observation, incidents }: Standing,
  { target, changes, failureClass, title }: OurPull,
  { base, head, history, texts }: HeadCase,
  files: readonly FileChange[],
): Promise<GateInput> {
  const paths = files.map(({ path }) => path);
  const [there, here] = [await documentsOf(base, paths), await documentsOf(head, paths)];
  const outcome = await base.render();
  // Kustomizations say what their patches are for.
  const listing = await documentsOf(
    base,
    inputsOf(outcome).filter((file) => isKustomization({ file }) && !paths.includes(file)),
  );
  const known = new Set([...there, ...listing].map(({ id }) => id));
  const related = (await base.documentsFor(changes.object)).map(withId).filter(({ id }) => !known.has(id));
  const offered = [...there, ...listing, ...related, ...newPatches(files, here)];
  // What stands beside it in a file, and is as it was, is no part of the change.
  const proposed = here.filter(({ id, text }) => there.find((document) => document.id === id)?.text !== text);
  const rendered = outcome.kind === "rendered" ? outcome.objects : [];
  const incident = incidents.find((one) => sameRef(one.target, target));
  const evidence = incident ? await gatherEvidence(parts, { incident, observation, workspace: base, history }) : NO_EVIDENCE;
  const answer = texts
    ? { documents: [], files: files.map(({ path, after }) => ({ path, text: after })) }
    : { documents: proposed.map((document) => ({ id: document.id, yaml: inFull(document, there) })) };
  return {
    proposal: { origin: "model", failureClass, rootCause: title, target: changes, confidence: 0, quotes: [], words: [], ...answer },
    target: changes.object,
    evidence,
    offered,
    permitted: await permittedPlaces(base, { failureClass, target: changes, documents: answer.documents }, offered, rendered),
    rendered,
    knownImages: knownImages(observation, [rendered, history.lastGood?.objects ?? []]),
    ...(history.lastGood ? { lastGood: history.lastGood.objects } : {}),
    beside: await manifestsBeside(base, history.lastGood?.workspace),
    ...(texts ? { texts } : {}),
    tried: [],
    bounds: parts.bounds,
    policies: parts.policies ?? [],
    ...(parts.dryRun ? { dryRun: "required" as const } : {}),
  };
}

/** The documents of these files, with ids that are the same on both sides. */
async function documentsOf(workspace: Workspace, paths: readonly string[]): Promise<OfferedDocument[]> {
  const documents = await workspace.documentsIn(paths);
  return documents.map(({ secret: _, ...document }) => withId({ id: "", ...document }));
}

function withId(document: OfferedDocument): OfferedDocument {
  return { ...document, id: `${document.file}#${document.index}` };
}

/** A document of a file that has anchors already, as a proposal has to say it. */
function inFull({ id, text, value }: OfferedDocument, there: readonly OfferedDocument[]): string {
  const before = there.find((document) => document.id === id);
  return before && hasAnchors(before.text) ? textAsYaml(value) : text;
}

/** Patches in new files, as they are offered where a fix adds one. Any other new document was never offered. */
function newPatches(files: readonly FileChange[], proposed: readonly OfferedDocument[]): OfferedDocument[] {
  const added = new Set(files.filter(({ before }) => before === undefined).map(({ path }) => path));
  return proposed.flatMap((document): OfferedDocument[] => {
    if (document.role !== "patch" || !added.has(document.file) || !isObject(document.value)) return [];
    return [{ ...document, text: "", value: skeletonOf(document.value), isNew: true }];
  });
}
