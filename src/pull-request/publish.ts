import type { Octokit } from "@octokit/rest";
import type { Rules } from "../config/rules.ts";
import { branchOf } from "../incident/incident.ts";
import { statusOf } from "../source/git/github-client.ts";
import { readTree } from "../source/git/github-tree.ts";
import type { TreeFile } from "../source/git/repository.ts";
import { renderBody, renderTitle, substanceOf } from "./body.ts";
import { type Branch, pushBranch } from "./branch.ts";
import { type CommentPlace, commentOnce } from "./comment.ts";
import { invite } from "./invite.ts";
import { LABEL } from "./ours.ts";
import type { Draft, OurPull } from "./pull.ts";
import { findPullsOfBranch, type PullOfBranch } from "./pulls.ts";
import { coordinates, createOnce, NO_RETRIES } from "./requests.ts";

/**
 * How publishing ended. `taken-over`: somebody else committed to the branch, so the bot stopped and said so. `declined` and `merged`: there is such
 * a pull request already, and the caller did not name it as `existing`; nothing was written.
 */
export interface Published {
  kind: "opened" | "updated" | "unchanged" | "taken-over" | "declined" | "merged";
  number: number;
  url: string;
  /** The branch's head: where a check run belongs. "" where nothing was looked at. */
  headSha: string;
  /** The head was made just now: nobody else can have said anything about it. */
  isNewHead: boolean;
}

export interface PublishOptions {
  botLogin: string;
  /** The pull request that the caller knows of: a closed one is reopened, a merged one followed by another. */
  existing?: OurPull;
  /** Brings a branch that fell behind its base up to date although it holds the change already (`/autofix rebase`). */
  refresh?: boolean;
  /** What the repository's settings say of its pull requests. */
  wishes: Rules["pullRequests"];
  /** The files of a commit, where somebody has read them already; else they are read. */
  filesOf?(commit: string): Promise<readonly TreeFile[]>;
}

/**
 * One branch and one pull request for one draft, however often it is called and wherever an earlier call stopped: every step looks before it
 * creates. Four requests read (three where the base's files are known) and five write for a first pull request; none writes where nothing changed.
 */
export async function publish(octokit: Octokit, draft: Draft, options: PublishOptions): Promise<Published> {
  const { botLogin, existing } = options;
  const name = existing?.branch ?? branchOf(draft.incident);
  const pulls = await findPullsOfBranch(octokit, draft.repository, name, botLogin);
  const pull = pulls.find(({ state }) => state === "open") ?? pulls[0];
  if (pull && pull.state !== "open" && pull.number !== existing?.number) {
    return { kind: pull.state === "merged" ? "merged" : "declined", number: pull.number, url: pull.url, headSha: "", isNewHead: false };
  }
  const filesOf = options.filesOf ?? ((commit) => readTree(octokit, coordinates(draft.repository), commit));
  const branch = await pushBranch(octokit, draft, name, { botLogin, filesOf, renew: pull?.state !== "open" || options.refresh === true });
  if (branch.kind === "taken-over" || (pull?.state === "open" && !pull.marker)) return stepBack(octokit, draft, options, pull, branch);
  const pushed = { ...draft, headSha: branch.headSha };
  if (pull?.state === "open") return update(octokit, pushed, options, pull, branch);
  const reopened = pull?.state === "closed" ? await reopen(octokit, pushed, pull, branch) : undefined;
  return reopened ?? open(octokit, pushed, options, { branch, name });
}

async function open(octokit: Octokit, draft: Draft, options: PublishOptions, { branch, name }: { branch: Branch; name: string }): Promise<Published> {
  const { botLogin, wishes } = options;
  const content = { title: renderTitle(draft), body: renderBody(draft), head: name, base: draft.base };
  const find = async () => (await findPullsOfBranch(octokit, draft.repository, name, botLogin)).find(({ state }) => state === "open");
  const create = async (isDraft: boolean) => {
    const state = isDraft ? { draft: true } : {};
    const { data } = await octokit.rest.pulls.create({ ...coordinates(draft.repository), ...content, ...state, request: NO_RETRIES });
    return { number: data.number, url: data.html_url };
  };
  const createAsWished = () => (wishes.draft ? create(true).catch((thrown: unknown) => withoutDraft(thrown, () => create(false))) : create(false));
  const { number, url } = await createOnce("the pull request", createAsWished, find);
  await inviteTo(octokit, draft, options, number);
  return { kind: "opened", number, url, ...headOf(branch) };
}

function headOf({ kind, headSha }: Branch): Pick<Published, "headSha" | "isNewHead"> {
  return { headSha, isNewHead: kind === "created" || kind === "advanced" };
}

function inviteTo(octokit: Octokit, draft: Draft, { botLogin, wishes }: PublishOptions, number: number): Promise<void> {
  return invite(octokit, { repository: draft.repository, botLogin }, { number, failureClass: draft.diagnosis.proposal.failureClass, wishes });
}

/** Not every plan has drafts; GitHub then answers 422, as it does for other reasons, which come again without the draft. */
function withoutDraft<T>(thrown: unknown, create: () => Promise<T>): Promise<T> {
  if (statusOf(thrown) === 422) return create();
  throw thrown;
}

async function update(octokit: Octokit, draft: Draft, options: PublishOptions, pull: PullOfBranch, branch: Branch): Promise<Published> {
  const current = pull.marker?.substance === substanceOf(draft) && pull.marker.head === branch.headSha;
  if (!current) await write(octokit, draft, pull, {});
  // One that was not finished has no label (invite.ts writes labels last), and without it nobody finds the pull request again.
  const labelled = pull.labels.includes(LABEL);
  if (!labelled) await inviteTo(octokit, draft, options, pull.number);
  const kind = current && branch.kind === "unchanged" && labelled ? "unchanged" : "updated";
  return { kind, number: pull.number, url: pull.url, ...headOf(branch) };
}

/** Undefined where GitHub refuses (422), as it does when the branch was deleted and made anew: then another pull request it is. */
async function reopen(octokit: Octokit, draft: Draft, pull: PullOfBranch, branch: Branch): Promise<Published | undefined> {
  try {
    await write(octokit, draft, pull, { state: "open" });
    return { kind: "updated", number: pull.number, url: pull.url, ...headOf(branch) };
  } catch (thrown) {
    if (statusOf(thrown) === 422) return undefined;
    throw thrown;
  }
}

async function write(octokit: Octokit, draft: Draft, pull: PullOfBranch, state: { state?: "open" }): Promise<void> {
  const content = { title: renderTitle(draft), body: renderBody(draft), ...state };
  await octokit.rest.pulls.update({ ...coordinates(draft.repository), pull_number: pull.number, ...content });
}

/** Somebody else works on the branch: theirs to finish. Said once, in a comment. */
async function stepBack(octokit: Octokit, draft: Draft, { botLogin }: PublishOptions, pull: PullOfBranch | undefined, branch: Branch): Promise<Published> {
  if (pull) await saySteppedBack(octokit, { repository: draft.repository, number: pull.number, botLogin });
  return { kind: "taken-over", number: pull?.number ?? 0, url: pull?.url ?? "", headSha: branch.headSha, isNewHead: false };
}

/** A person works on the branch of an open pull request: it is theirs from now on. */
export async function saySteppedBack(octokit: Octokit, place: CommentPlace): Promise<void> {
  const words = "Somebody else has committed to this branch, so I leave it to you from here: I will not push to it or edit it any more.";
  await commentOnce(octokit, place, "taken-over", words);
}
