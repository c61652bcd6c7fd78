import { isObject, type KubeObject } from "./cluster/objects.ts";
import { knownImages } from "./evidence/known-images.ts";
import type { Standing } from "./follow-up.ts";
import type { GateInput } from "./guards/gate.ts";
import { guardHead } from "./guards/head.ts";
import { isApiVersion } from "./guards/text-repair.ts";
import { type HeadVerdict, renderCheck } from "./pull-request/check.ts";
import { hasCheck, publishCheck } from "./pull-request/check-run.ts";
import type { OurPull } from "./pull-request/pull.ts";
import type { ReconcileParts } from "./reconcile.ts";
import { permittedPlaces } from "./repair.ts";
import { changedPaths } from "./source/changed-files.ts";
import { hunksBetween } from "./source/hunks.ts";
import { type OpenedSource, openSource } from "./source/open.ts";
import { skeletonOf } from "./source/overlay-patch.ts";
import { readTextBasis, type TextBasis } from "./source/text-basis.ts";
import type { FileChange, OfferedDocument, Workspace } from "./source/workspace.ts";

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
  await publishCheck(octokit, repository, pull.headSha, renderCheck(verdict));
  parts.memory.checked(repository, pull.headSha);
}

/** The whole gate on the difference between the commit that the fix was made from and the branch's head now. */
async function judgeHead(parts: ReconcileParts, { observation }: Standing, pull: OurPull, { repository, open }: OpenedSource): Promise<HeadVerdict> {
  const [base, head] = [open(await repository.tree(pull.baseSha)), open(await repository.tree(pull.headSha))];
  const [before, after] = [await base.render(), await head.render()];
  const read = new Set([before, after].flatMap((outcome) => (outcome.kind === "refused" ? [] : outcome.inputs)));
  const isText = before.kind === "failed" || (await bringsApiVersion(base, head));
  const text = isText ? await textGrounds(base, observation, { repository, open }) : undefined;
  for (const { path } of text?.texts.files ?? []) read.add(path);
  const paths = (await changedPaths(base.tree, head.tree)).filter((path) => read.has(path));
  if (paths.length === 0) return { kind: "not-applicable", why: "The branch changes no file that the delivery reads." };
  const files: FileChange[] = await Promise.all(
    paths.map(async (path) => ({ path, before: await base.tree.read(path), after: (await head.tree.read(path)) ?? "" })),
  );
  const proposed = await documentsOf(head, paths);
  const offered = [...(await documentsOf(base, paths)), ...newPatches(files, proposed)];
  const rendered = before.kind === "rendered" ? before.objects : [];
  const target = { object: pull.target };
  const input: GateInput = {
    proposal: {
      origin: "model",
      failureClass: pull.failureClass,
      rootCause: pull.title,
      target,
      confidence: 0,
      quotes: [],
      documents: text ? [] : proposed.map(({ id, text }) => ({ id, yaml: text })),
      ...(text ? { files: files.map(({ path, after }) => ({ path, text: after })) } : {}),
      words: [],
    },
    target: pull.target,
    evidence: { items: [], omitted: 0, redactions: {} },
    offered,
    permitted: await permittedPlaces(base, { failureClass: pull.failureClass, target }, offered, rendered),
    rendered,
    knownImages: knownImages(observation, [rendered]),
    ...text,
    tried: [],
    bounds: parts.bounds,
  };
  return guardHead(input, { files, before, after, alsoAffects: await base.alsoAffects(files) });
}

/** Another apiVersion is judged as text, since no document may change it. */
async function bringsApiVersion(base: Workspace, head: Workspace): Promise<boolean> {
  for (const path of await changedPaths(base.tree, head.tree)) {
    const [before, after] = [await base.tree.read(path), await head.tree.read(path)];
    if (hunksBetween(path, before, after).some((hunk) => before !== undefined && hunk.after.some(isApiVersion))) return true;
  }
  return false;
}

/** Where the base cannot be rendered: what the lines of a commit are traced to, as when the fix was proposed. */
async function textGrounds(
  base: Workspace,
  { revisions }: Standing["observation"],
  { repository, open }: Pick<OpenedSource, "repository" | "open">,
): Promise<{ texts: TextBasis; lastGood?: KubeObject[] }> {
  const commit = revisions.lastGood && (await repository.resolve(revisions.lastGood));
  const good = commit ? open(await repository.tree(commit)) : undefined;
  const outcome = await good?.render();
  if (!good || outcome?.kind !== "rendered") return { texts: await readTextBasis(base, undefined) };
  return { texts: await readTextBasis(base, good), lastGood: outcome.objects };
}

/** The documents of these files, with ids that are the same on both sides. */
async function documentsOf(workspace: Workspace, paths: readonly string[]): Promise<OfferedDocument[]> {
  const documents = await workspace.documentsIn(paths);
  return documents.map(({ file, index, role, text, value }) => ({ id: `${file}#${index}`, file, index, role, text, value }));
}

/** Patches in new files, as they are offered where a fix adds one. Any other new document was never offered. */
function newPatches(files: readonly FileChange[], proposed: readonly OfferedDocument[]): OfferedDocument[] {
  const added = new Set(files.filter(({ before }) => before === undefined).map(({ path }) => path));
  return proposed.flatMap((document): OfferedDocument[] => {
    if (document.role !== "patch" || !added.has(document.file) || !isObject(document.value)) return [];
    return [{ ...document, text: "", value: skeletonOf(document.value), isNew: true }];
  });
}
