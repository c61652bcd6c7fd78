import type { Octokit } from "@octokit/rest";
import { AutofixError } from "../errors.ts";
import { BUTTONS } from "./buttons.ts";
import { type Check, digestOfCheck } from "./check.ts";
import { coordinates, createOnce, NO_RETRIES } from "./requests.ts";

/** The name under which branch protection can require it. */
export const CHECK_NAME = "kube-autofix / validation";

export interface CheckRun {
  kind: "created" | "updated" | "unchanged";
  id: number;
  url: string;
}

export interface CheckOptions {
  /** {@link CHECK_NAME} unless told. */
  name?: string;
  /** The pull request that the check is about, where the branch does not tell: GitHub names none for heads of forks. {@link checkedPull} reads it again. */
  about?: number;
  /** Written even where the same was said before: somebody asked for the check to run again, and GitHub waits for an answer. */
  anew?: boolean;
  /** The commit was made just now, so that there is nothing to look up. */
  isNewHead?: boolean;
  /** On the head of one of the bot's own pull requests: {@link BUTTONS}. */
  hasButtons?: boolean;
}

/**
 * The check run of one head, completed, with this content. Looked up first; the external id holds a hash of the content, so that the same verdict is
 * written once. One with annotations is replaced by a newer run instead of updated, since GitHub appends annotations to what is there.
 */
export async function publishCheck(octokit: Octokit, repository: string, headSha: string, check: Check, options: CheckOptions = {}): Promise<CheckRun> {
  const { name = CHECK_NAME, about, anew = false, isNewHead = false, hasButtons = false } = options;
  const at = coordinates(repository);
  const externalId = `${PREFIX}${digestOfCheck(check)}${about === undefined ? "" : `#${about}`}`;
  const latest = isNewHead ? undefined : await findLatest(octokit, repository, headSha, name);
  if (latest?.externalId === externalId && !anew) return { kind: "unchanged", id: latest.id, url: latest.url };
  const actions = hasButtons ? { actions: BUTTONS.map((button) => ({ ...button })) } : {};
  const content = { ...at, name, external_id: externalId, status: "completed", conclusion: check.conclusion, output: outputOf(check), ...actions } as const;
  if (latest && latest.annotations === 0) {
    const { data } = await octokit.rest.checks.update({ ...content, check_run_id: latest.id });
    return { kind: "updated", id: data.id, url: data.html_url ?? "" };
  }
  const create = async () => {
    const { data } = await octokit.rest.checks.create({ ...content, head_sha: headSha, request: NO_RETRIES });
    return { id: data.id, url: data.html_url ?? "" };
  };
  const find = async () => {
    const found = await findLatest(octokit, repository, headSha, name);
    return found?.externalId === externalId ? found : undefined;
  };
  const { id, url } = await createOnce("the check run", create, find);
  return { kind: "created", id, url };
}

/** The check run on the head of somebody's pull request; none where that is a fork's commit that GitHub does not show in this repository (any more), since another try would fail the same way. */
export async function publishProposalCheck(
  octokit: Octokit,
  repository: string,
  { number, head }: { number: number; head: string },
  check: Check,
  options: Pick<CheckOptions, "name" | "anew">,
): Promise<void> {
  try {
    await publishCheck(octokit, repository, head, check, { ...options, about: number });
  } catch (thrown) {
    if (!(thrown instanceof AutofixError) || thrown.code !== "github/conflict") throw thrown;
  }
}

/** Whether this head has a check run of ours already. One request. */
export async function hasCheck(octokit: Octokit, repository: string, headSha: string): Promise<boolean> {
  return (await findLatest(octokit, repository, headSha, CHECK_NAME)) !== undefined;
}

/** The pull request that a check run of ours said it was about. */
export function checkedPull(externalId: string | null | undefined): number | undefined {
  const number = /^kube-autofix:[0-9a-f]+#(\d{1,9})$/.exec(externalId ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}

/** The pull requests that check runs of ours at a commit said they were about. One request. */
export async function pullsChecked(octokit: Octokit, repository: string, headSha: string): Promise<number[]> {
  const { data } = await octokit.rest.checks.listForRef({ ...coordinates(repository), ref: headSha, filter: "all", per_page: 100 });
  return [...new Set(data.check_runs.flatMap(({ external_id }) => checkedPull(external_id) ?? []))];
}

/** Whether a run is about one of the bot's own pull requests. */
export function isOwnValidation(name: string, externalId: string | null | undefined): boolean {
  return name === CHECK_NAME && (externalId ?? "").startsWith(PREFIX) && checkedPull(externalId) === undefined;
}

/** Marks runs of ours: another App may use the same name, and only its owner can update a run. */
const PREFIX = "kube-autofix:";

async function findLatest(octokit: Octokit, repository: string, headSha: string, name: string) {
  const { data } = await octokit.rest.checks.listForRef({ ...coordinates(repository), ref: headSha, check_name: name, filter: "latest", per_page: 100 });
  const run = data.check_runs.find((candidate) => candidate.external_id?.startsWith(PREFIX));
  return run && { id: run.id, url: run.html_url ?? "", externalId: run.external_id ?? "", annotations: run.output.annotations_count };
}

function outputOf(check: Check) {
  const annotations = check.annotations.slice(0, 50).map((one) => ({
    path: one.path,
    start_line: one.startLine,
    end_line: one.endLine,
    annotation_level: one.level,
    message: one.message,
  }));
  return {
    title: check.title,
    summary: check.summary,
    ...(check.text === "" ? {} : { text: check.text }),
    ...(annotations.length > 0 ? { annotations } : {}),
  };
}
