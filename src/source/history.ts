import { type KubeObject, type ObjectRef, refOf, sameRef } from "../cluster/objects.ts";
import { renderedObject } from "./compare.ts";
import { sameJson } from "./field-path.ts";
import { objectsDiff } from "./object-diff.ts";
import { unifiedDiff } from "./patch.ts";
import type { Commit, Repository, RepositoryTree } from "./repository.ts";
import type { FileChange, Workspace } from "./workspace.ts";

/** How many commits are looked at to find the one that broke the object; each may cost a render. */
const COMMITS = 10;
const RENDERS = 6;

/** What git knows about how it came to this. */
export interface History {
  /** The last revision that the tool calls good, rendered; undefined where it is not known, gone from the repository, or cannot be rendered. */
  lastGood?: { commit: string; objects: KubeObject[]; workspace: Workspace };
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
  /** Full SHA, as the delivery's status names it. */
  lastGood: string | undefined;
  open(tree: RepositoryTree): Workspace;
}

/** Reads what changed between the last good revision and the branch's head. Costs at most {@link RENDERS} further renders. */
export async function readHistory(question: HistoryQuestion): Promise<History> {
  const { repository, head } = question;
  const commits = await repository.commits({ until: head.tree.commit, limit: COMMITS });
  const good = await openLastGood(question);
  if (!good) return { commits: [], diff: "", renderDiff: "" };
  const end = commits.findIndex((commit) => commit.sha === good.tree.commit);
  const since = end < 0 ? commits : commits.slice(0, end);
  const now = await head.render();
  const before = await good.render();
  const files = await changedInputs(
    good.tree,
    head.tree,
    [now, before].flatMap((r) => (r.kind === "refused" ? [] : r.inputs)),
  );
  const lastGood = before.kind === "rendered" ? { commit: good.tree.commit, objects: before.objects, workspace: good } : undefined;
  const touching = files.length === 0 ? [] : await touched(repository, head.tree.commit, since, files);
  return {
    ...(lastGood ? { lastGood } : {}),
    commits: touching,
    ...optional("introducedBy", await introducer(question, touching)),
    diff: unifiedDiff(files),
    renderDiff: lastGood && now.kind === "rendered" ? renderedDiff(lastGood.objects, now.objects, question.target) : "",
  };
}

async function openLastGood({ repository, head, lastGood, open }: HistoryQuestion): Promise<Workspace | undefined> {
  if (!lastGood) return undefined;
  if (lastGood === head.tree.commit) return head;
  const commit = await repository.resolve(lastGood);
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
async function introducer(question: HistoryQuestion, commits: readonly Commit[]): Promise<Commit | undefined> {
  if (commits.length <= 1) return commits[0];
  const now = await renderedObject(question.head, question.target);
  for (const [i, commit] of commits.slice(0, RENDERS).entries()) {
    const older = commits[i + 1]?.sha ?? question.lastGood;
    if (!older) return undefined;
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
