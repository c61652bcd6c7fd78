import type { Commit } from "../source/git/repository.ts";
import { type Draft, RANK } from "./draft.ts";

/** What git knows; computed by the caller. */
export interface GitEvidence {
  /** Commits after the last good one that touch the delivery's files, newest first. */
  commits: readonly Commit[];
  /** Unified diff of the delivery's files, last good → failing; "" where there is none. */
  diff: string;
  /** Unified diff of the failing object as rendered. */
  renderDiff: string;
  renderError?: string;
}

/** What changed, and who changed it. */
export function gitItems(git: GitEvidence): Draft[] {
  const history = git.commits
    .map(({ sha, author, date, subject }) => `${sha.slice(0, 12)} ${date.toISOString().slice(0, 16)} ${author}: ${subject}`)
    .join("\n");
  const newest = git.commits[0]?.date;
  const items: Draft[] = [
    { rank: RANK.renderError, kind: "render-error", source: "rendering the branch's head", text: git.renderError ?? "" },
    { rank: RANK.renderDiff, kind: "render-diff", source: "the rendered object, last good revision → branch's head", text: git.renderDiff },
    { rank: RANK.gitDiff, kind: "git-diff", source: "the delivery's files, last good revision → branch's head", text: git.diff },
    { rank: RANK.gitHistory, kind: "git-history", source: "commits since the last good revision", ...(newest ? { at: newest } : {}), text: history },
  ];
  return items.filter(({ text }) => text.trim() !== "");
}
