import { formatKey } from "./cluster/delivery.ts";
import type { NamedSource } from "./cluster/delivery-sources.ts";
import { describeRef } from "./cluster/objects.ts";
import type { Origin } from "./cluster/observation.ts";
import type { Rules } from "./config/rules.ts";
import { AutofixError } from "./errors.ts";
import { type Review, review } from "./guards/review.ts";
import { whyDeliveryIsOff } from "./permission.ts";
import type { ProposalCase, ProposalParts } from "./proposal.ts";
import { mergeBaseOf } from "./pull-request/ancestry.ts";
import { publishProposalCheck } from "./pull-request/check-run.ts";
import { type ReviewedDelivery, type ReviewRemark, renderReview } from "./pull-request/review-report.ts";
import { inputsOf } from "./source/compare.ts";
import { mayRead } from "./source/delivery/other-deliveries.ts";
import { faultIn, Pointer } from "./source/edit/point.ts";
import { changedPaths } from "./source/git/changed-files.ts";
import type { RepositoryTree } from "./source/git/repository.ts";
import { isBuildFile } from "./source/git/repository-paths.ts";
import { objectsDiff } from "./source/object-diff.ts";
import type { GitSource, RenderOutcome, Workspace } from "./source/workspace.ts";

/** Most deliveries that one pull request is judged for; the others are counted. */
const MOST_DELIVERIES = 20;

/** Most findings of one delivery that are told. Refusals come first. */
const MOST_FINDINGS = 100;

/** What a pull request changes, seen from where it left its base. */
interface Difference {
  before: RepositoryTree;
  after: RepositoryTree;
  paths: string[];
}

/** The check `kube-autofix / validation` on somebody's pull request: what it makes of every delivery that reads what it changes. */
export async function reviewProposal(
  parts: ProposalParts,
  standing: ProposalCase,
  { rules, deliveries }: { rules: Rules; deliveries: NamedSource[] },
): Promise<void> {
  const { home, repository, proposal, asked } = standing;
  const start = await mergeBaseOf(home.octokit, home.repository, proposal.base, proposal.head);
  const reviewed: ReviewedDelivery[] = [];
  let left = 0;
  if (start !== undefined) {
    const [before, after] = [await repository.tree(start), await repository.tree(proposal.head)];
    const difference = { before, after, paths: await changedPaths(before, after) };
    // Who reads a file is told by what builds: in a repository of many deliveries that is one archive instead of hundreds of requests.
    await before.prefetch?.(before.files.flatMap(({ path }) => (isBuildFile(path) ? [path] : [])));
    for (const named of deliveries) {
      const origin = await originReached(parts, standing, rules, named, difference);
      if (origin && reviewed.length >= MOST_DELIVERIES) left++;
      else if (origin) reviewed.push(...(await reviewDelivery(parts, rules, formatKey(named.key), origin, difference)));
    }
  }
  await publishProposalCheck(home.octokit, home.repository, proposal, renderReview(reviewed, left), { anew: asked });
}

/** A delivery's source as it is now, where it follows the pull request's base and may read what that changes; undefined where not. */
async function originReached(
  parts: ProposalParts,
  { proposal: { base, defaultBranch } }: ProposalCase,
  rules: Rules,
  { key, source }: NamedSource,
  { before, after, paths }: Difference,
): Promise<Origin | undefined> {
  if (source.kind === "refused" || whyDeliveryIsOff(rules, { key, source })) return undefined;
  const branch = source.branch === "HEAD" || source.branch === "" ? defaultBranch : source.branch.replace(/^refs\/heads\//, "");
  if (branch !== base) return undefined;
  const known = { ...source, defaultBranch };
  if (!(await reads(before, known, paths)) && !(await reads(after, known, paths))) return undefined;
  const origin = await parts.cluster.origin(key);
  return origin?.source.kind === "git" ? { ...origin, source: { ...origin.source, defaultBranch } } : origin;
}

/** A file that cannot be read, as a branch may bring it, may be one that decides: rendering tells. */
async function reads(tree: RepositoryTree, source: GitSource, paths: readonly string[]): Promise<boolean> {
  try {
    return await mayRead(tree, source, paths);
  } catch (thrown) {
    if (thrown instanceof AutofixError && (thrown.code === "source/not-text" || thrown.code === "source/too-large")) return true;
    throw thrown;
  }
}

/** None where the delivery turns out not to read any of it. */
async function reviewDelivery(
  parts: ProposalParts,
  rules: Rules,
  name: string,
  { source, ...where }: Origin,
  { before, after, paths }: Difference,
): Promise<ReviewedDelivery[]> {
  if (source.kind === "refused") return [{ name, kind: "not-judged", why: source.message }];
  const [old, now] = [parts.workspace(before, source), parts.workspace(after, source)];
  const [was, is] = [await old.render(), await now.render()];
  const read = [...inputsOf(was), ...inputsOf(is)];
  const files = paths.filter((path) => read.includes(path));
  if (was.kind !== "refused" && is.kind !== "refused" && files.length === 0) return [];
  if (is.kind !== "rendered") return [await notRendered(name, now, files.length > 0 ? files : paths, { was, is })];
  const schemas = await parts.cluster.schemas(is.objects, where);
  const judged = review(was.kind === "rendered" ? was.objects : undefined, is.objects, {
    bounds: rules.bounds,
    policies: rules.policies,
    namespace: source.settings.namespace,
    ...(schemas ? { schemas } : {}),
  });
  return [{ name, kind: "judged", ...effectOf(judged), remarks: await placed(now, files, judged) }];
}

/** The change's fault where it rendered before, or was not there; what never rendered, or what only we cannot render, is not judged. */
async function notRendered(
  name: string,
  workspace: Workspace,
  files: readonly string[],
  { was, is }: { was: RenderOutcome; is: Exclude<RenderOutcome, { kind: "rendered" }> },
): Promise<ReviewedDelivery> {
  const refusal = is.kind === "refused" ? is : is.refusal;
  // Where there was nothing before, what is there now is the change's own.
  const isNew = was.kind === "refused" && was.code === "path-missing" && is.kind === "failed";
  if (was.kind !== "rendered" && !isNew) return { name, kind: "not-judged", why: `It cannot be rendered, with this change or without it: ${is.message}` };
  if (refusal && refusal.code !== "path-missing") return { name, kind: "not-judged", why: refusal.message };
  const place = is.kind === "failed" ? await faultIn(workspace, files, is) : undefined;
  const there = files.find((file) => workspace.tree.files.some(({ path }) => path === file));
  const fallback = there === undefined ? {} : { place: { file: there, line: 1 } };
  return { name, kind: "broken", why: is.message, ...(place ? { place } : fallback) };
}

function effectOf({ changed }: Review): { effect: string[]; diff: string } {
  const words = changed.map(({ ref, before, after }) => `${describeRef(ref)}${before ? (after ? "" : " (goes)") : " (new)"}`);
  const diff = objectsDiff(
    changed.flatMap(({ before }) => before ?? []),
    changed.flatMap(({ after }) => after ?? []),
  );
  return { effect: words, diff };
}

/** The findings with their lines. Without a line of its own a finding stands at the beginning of a changed file that the delivery reads. */
async function placed(workspace: Workspace, files: readonly string[], { findings }: Review): Promise<ReviewRemark[]> {
  const there = files.filter((file) => workspace.tree.files.some(({ path }) => path === file));
  const pointer = new Pointer(workspace, there);
  const remarks: ReviewRemark[] = [];
  for (const { verdict, message, object, path } of findings.slice(0, MOST_FINDINGS)) {
    const place = object && (await pointer.at(object, path));
    const [first] = there;
    remarks.push({ verdict, message, ...(place ? { place } : first === undefined ? {} : { place: { file: first, line: 1 } }) });
  }
  return remarks;
}
