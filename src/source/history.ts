import { type KubeObject, type ObjectRef, refOf, sameRef } from "../cluster/objects.ts";
import type { Delivered } from "../cluster/reading.ts";
import { inputsOf, renderedObject } from "./compare.ts";
import { sameJson } from "./edit/field-path.ts";
import { unifiedDiff } from "./edit/patch.ts";
import type { Commit, Repository, RepositoryTree } from "./git/repository.ts";
import { objectsDiff } from "./object-diff.ts";
import type { FileChange, Workspace } from "./workspace.ts";

/** How many commits are looked at to find the one that broke the object; each may cost a render. */
const COMMITS = 10;
const RENDERS = 6;

/** Revisions that were delivered before, of which the last good one is looked for; each costs a render. */
const EARLIER = 5;

/** A revision that was delivered before, rendered. */
export interface KnownRevision {
  commit: string;
  objects: KubeObject[];
  workspace: Workspace;
}

/** What git knows about how it came to this. */
export interface History {
  /** The last revision that worked, as far as anything tells; undefined where none is known, it is gone from the repository, or cannot be rendered. */
  lastGood?: KnownRevision;
  /** Revisions that were delivered before that one, as far as they were looked at, newest first. */
  older?: readonly KnownRevision[];
  /** Commits after the last good one that touch the delivery's path or inputs, newest first. */
  commits: Commit[];
  /** The commit after which the failing object rendered as it does now. */
  introducedBy?: Commit;
  /** Unified diff of the delivery's files, last good → head; "" without a last good revision. */
  diff: string;
  /** Unified diff of the failing object as rendered, last good → head. */
  renderDiff: string;
}

export interface HistoryQuestion {
  repository: Repository;
  head: Workspace;
  target: ObjectRef;
  /** What was delivered before, newest first, as the delivery's status names it. */
  earlier: readonly Delivered[];
  /**
   * How much speaks against a revision having worked, by what it rendered: 0 nothing, Infinity that it was as broken as the head. Undefined: the newest one that
   * can be rendered is taken. `now` is undefined where the head cannot be rendered.
   */
  weigh?: Weigh;
  open(tree: RepositoryTree): Workspace;
}

export type Weigh = (then: readonly KubeObject[], now: readonly KubeObject[] | undefined, at: Date | undefined) => number;

/** Reads what changed between the last good revision and the branch's head. Costs at most {@link EARLIER} and {@link RENDERS} further renders. */
export async function readHistory(question: HistoryQuestion): Promise<History> {
  const { repository, head } = question;
  const commits = await repository.commits({ until: head.tree.commit, limit: COMMITS });
  const { lastGood, older, newest } = await lookBack(question);
  const good = lastGood?.workspace ?? newest;
  if (!good) return { commits: [], diff: "", renderDiff: "" };
  const end = commits.findIndex((commit) => commit.sha === good.tree.commit);
  const since = end < 0 ? commits : commits.slice(0, end);
  const now = await head.render();
  const before = await good.render();
  const files = await changedInputs(good.tree, head.tree, [now, before].flatMap(inputsOf));
  const touching = files.length === 0 ? [] : await touched(repository, head.tree.commit, since, files);
  return {
    ...(lastGood ? { lastGood } : {}),
    ...(older.length > 0 ? { older } : {}),
    commits: touching,
    ...optional("introducedBy", await introducer(question, touching, good.tree.commit)),
    diff: unifiedDiff(files),
    renderDiff: lastGood && now.kind === "rendered" ? renderedDiff(lastGood.objects, now.objects, question.target) : "",
  };
}

interface Past {
  lastGood?: KnownRevision;
  older: KnownRevision[];
  /** The newest earlier revision, whether or not it can be rendered. */
  newest?: Workspace;
}

/** The earlier revision against which least speaks; of equals the newest. Revisions that were as broken as the head are passed over. */
async function lookBack(question: HistoryQuestion): Promise<Past> {
  const { head, weigh = () => 0 } = question;
  const now = await head.render();
  const known: { revision: KnownRevision; weight: number }[] = [];
  let newest: Workspace | undefined;
  for (const { commit, at } of question.earlier.slice(0, EARLIER)) {
    const workspace = await openRevision(question, commit);
    newest ??= workspace;
    const outcome = await workspace?.render();
    if (!workspace || outcome?.kind !== "rendered") continue;
    const { objects } = outcome;
    const weight = weigh(objects, now.kind === "rendered" ? now.objects : undefined, at);
    if (weight < Number.POSITIVE_INFINITY) known.push({ revision: { commit: workspace.tree.commit, objects, workspace }, weight });
    if (weight === 0) break;
  }
  const best = known.toSorted((a, b) => a.weight - b.weight)[0];
  const older = known.slice(best ? known.indexOf(best) + 1 : 0).map(({ revision }) => revision);
  return { ...optional("lastGood", best?.revision), older, ...optional("newest", newest) };
}

async function openRevision({ repository, head, open }: HistoryQuestion, sha: string): Promise<Workspace | undefined> {
  if (sha === head.tree.commit) return head;
  const commit = await repository.resolve(sha);
  return commit ? open(await repository.tree(commit)) : undefined;
}

/** The files among `paths` that differ between two trees. */
async function changedInputs(before: RepositoryTree, after: RepositoryTree, paths: readonly string[]): Promise<FileChange[]> {
  const changes = await Promise.all(
    [...new Set(paths)].sort().map(async (path): Promise<FileChange[]> => {
      const [old, now] = await Promise.all([before.read(path), after.read(path)]);
      return old === now ? [] : [{ path, before: old, after: now ?? "" }];
    }),
  );
  return changes.flat();
}

async function touched(repository: Repository, until: string, since: readonly Commit[], files: readonly FileChange[]): Promise<Commit[]> {
  if (since.length <= 1) return [...since];
  const lists = await Promise.all(files.slice(0, 5).map(({ path }) => repository.commits({ until, path, limit: COMMITS })));
  const shas = new Set(lists.flat().map((commit) => commit.sha));
  return since.filter((commit) => shas.has(commit.sha));
}

/** The newest commit whose parent rendered the target differently. */
async function introducer(question: HistoryQuestion, commits: readonly Commit[], good: string): Promise<Commit | undefined> {
  if (commits.length <= 1) return commits[0];
  const now = await renderedObject(question.head, question.target);
  for (const [i, commit] of commits.slice(0, RENDERS).entries()) {
    const older = commits[i + 1]?.sha ?? good;
    const workspace = question.open(await question.repository.tree(older));
    if (!sameJson(await renderedObject(workspace, question.target), now)) return commit;
  }
  return undefined;
}

function renderedDiff(before: readonly KubeObject[], after: readonly KubeObject[], target: ObjectRef): string {
  const only = (objects: readonly KubeObject[]) => objects.filter((object) => sameRef(refOf(object), target)).slice(0, 1);
  return objectsDiff(only(before), only(after));
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
