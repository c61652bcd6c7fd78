import type { JsonObject } from "../../../src/cluster/objects.ts";
import type { Hooks } from "../github/hooks.ts";
import type { Permission } from "../github/people.ts";
import { GitObjects } from "./git-objects.ts";

/** Everything that the fake holds. Times are GitHub's: whole seconds, as text. */
export interface FakeWorld {
  url: string;
  repositories: Map<string, FakeRepository>;
  people: Map<string, Permission>;
  /** Slugs of the teams with access. */
  teams: readonly string[];
  app: FakeApp;
  hooks: Hooks;
  /** A new number, unique over everything. */
  id(): number;
  /** A webhook for the App, where it is installed on the repository. */
  send(event: string, repository: FakeRepository, sender: string, payload: JsonObject): void;
}

export interface FakeApp {
  id: number;
  slug: string;
  publicKey: string;
  permissions: Record<string, string>;
  events: string[];
  /** Installation ids by owner. */
  installations: Map<string, number>;
  /** Installation ids by token. */
  tokens: Map<string, { installation: number; expires: number }>;
  createdAt: string;
}

export interface FakeRepository {
  id: number;
  owner: string;
  name: string;
  fullName: string;
  defaultBranch: string;
  createdAt: string;
  git: GitObjects;
  /** SHAs by `refs/heads/…` and `refs/tags/…`. */
  refs: Map<string, string>;
  /** Issues and pull requests share their numbers. */
  nextNumber: number;
  issues: Map<number, FakeIssue>;
  labels: Map<string, FakeLabel>;
  comments: Map<number, FakeComment>;
  reactions: FakeReaction[];
  runs: Map<number, FakeRun>;
  suites: Map<number, FakeSuite>;
}

export interface FakeIssue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  login: string;
  state: "open" | "closed";
  stateReason: string | null;
  labels: string[];
  assignees: string[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  pull?: FakePull;
}

/** What a pull request has beyond an issue. */
export interface FakePull {
  head: string;
  /** Who owns the fork that the head is a branch of; null for a branch of the repository itself. */
  fork: string | null;
  base: string;
  /** The head when it was closed: it follows its branch while it is open only. */
  headSha: string;
  /** The base when it was opened; GitHub moves it when the base branch is changed. */
  baseSha: string;
  draft: boolean;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeCommit: string | null;
  reviewers: string[];
  teams: string[];
  /** Whether it can be merged is found out in the background: the first answer after a change is null. */
  mergeableKnownFor: string;
}

export interface FakeLabel {
  id: number;
  name: string;
  color: string;
  /** The description says that pull requests never show null here. */
  description: string;
}

export interface FakeComment {
  id: number;
  issue: number;
  login: string;
  body: string;
  createdAt: string;
  updatedAt: string;
}

export interface FakeReaction {
  id: number;
  /** `comment 12` or `issue 3`. */
  target: string;
  login: string;
  content: string;
  createdAt: string;
}

export interface FakeSuite {
  id: number;
  headSha: string;
  createdAt: string;
}

export interface FakeRun {
  id: number;
  suite: number;
  name: string;
  headSha: string;
  externalId: string | null;
  detailsUrl: string | null;
  status: string;
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: JsonObject[];
  actions: JsonObject[];
  /** Whether the App made it, as opposed to a person with a token: only then its owner may change it. */
  login: string;
}

export function newRepository(world: Pick<FakeWorld, "id">, fullName: string): FakeRepository {
  const [owner = "", name = ""] = fullName.split("/");
  return {
    id: world.id(),
    owner,
    name,
    fullName,
    defaultBranch: "main",
    createdAt: stamp(),
    git: new GitObjects(),
    refs: new Map(),
    nextNumber: 1,
    issues: new Map(),
    labels: new Map(),
    comments: new Map(),
    reactions: [],
    runs: new Map(),
    suites: new Map(),
  };
}

/** The present as GitHub writes it, in whole seconds. `after`: something that happened before it. */
export function stamp(after?: string): string {
  const now = Math.floor(Date.now() / 1000);
  const least = after === undefined ? 0 : Date.parse(after) / 1000 + 1;
  return new Date(Math.max(now, least) * 1000).toISOString().replace(".000Z", "Z");
}

export function tipOf(repository: FakeRepository, branch: string): string | undefined {
  return repository.refs.get(`refs/heads/${branch}`);
}

/** Where a fork's branch is kept. GitHub keeps the commits of all forks together, so that the repository shows them by their SHAs. */
export function forkRef(owner: string, branch: string): string {
  return `refs/forks/${owner}/${branch}`;
}

/** Branches have short names and tags too; a SHA is itself. */
export function commitOf(repository: FakeRepository, ref: string): string | undefined {
  const { refs, git } = repository;
  const found =
    ref === "HEAD" ? tipOf(repository, repository.defaultBranch) : (tipOf(repository, ref) ?? refs.get(`refs/tags/${ref}`) ?? refs.get(`refs/${ref}`));
  const sha = found ?? ref;
  const target = git.tags.get(sha)?.target.sha ?? sha;
  return git.commits.has(target) ? target : undefined;
}

/** The head of a pull request: that of its branch while it is open. */
export function headOf(repository: FakeRepository, issue: FakeIssue): string {
  const { pull } = issue;
  if (!pull) return "";
  return issue.state === "open" && pull.fork === null ? (tipOf(repository, pull.head) ?? pull.headSha) : pull.headSha;
}

export type PullIssue = FakeIssue & { pull: FakePull };

export function isPull(issue: FakeIssue): issue is PullIssue {
  return issue.pull !== undefined;
}

export function pullsOf(repository: FakeRepository): PullIssue[] {
  return [...repository.issues.values()].filter(isPull);
}
