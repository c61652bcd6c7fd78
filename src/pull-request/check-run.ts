import type { Octokit } from "@octokit/rest";
import { type Check, digestOfCheck } from "./check.ts";
import { coordinates, createOnce, NO_RETRIES } from "./requests.ts";

/** The name under which branch protection can require it. */
export const CHECK_NAME = "kube-autofix / validation";

export interface CheckRun {
  kind: "created" | "updated" | "unchanged";
  id: number;
  url: string;
}

/**
 * The check run of one head, completed, with this content. Looked up first; the external id holds a hash of the content, so that the same verdict is
 * written once. One with annotations is replaced by a newer run instead of updated, since GitHub appends annotations to what is there.
 * @param isNewHead the commit was made just now, so that there is nothing to look up
 */
export async function publishCheck(octokit: Octokit, repository: string, headSha: string, check: Check, isNewHead = false): Promise<CheckRun> {
  const at = coordinates(repository);
  const externalId = `${PREFIX}${digestOfCheck(check)}`;
  const latest = isNewHead ? undefined : await findLatest(octokit, repository, headSha);
  if (latest?.externalId === externalId) return { kind: "unchanged", id: latest.id, url: latest.url };
  const content = { ...at, name: CHECK_NAME, external_id: externalId, status: "completed", conclusion: check.conclusion, output: outputOf(check) } as const;
  if (latest && latest.annotations === 0) {
    const { data } = await octokit.rest.checks.update({ ...content, check_run_id: latest.id });
    return { kind: "updated", id: data.id, url: data.html_url ?? "" };
  }
  const create = async () => {
    const { data } = await octokit.rest.checks.create({ ...content, head_sha: headSha, request: NO_RETRIES });
    return { id: data.id, url: data.html_url ?? "" };
  };
  const find = async () => {
    const found = await findLatest(octokit, repository, headSha);
    return found?.externalId === externalId ? found : undefined;
  };
  const { id, url } = await createOnce("the check run", create, find);
  return { kind: "created", id, url };
}

/** Whether this head has a check run of ours already. One request. */
export async function hasCheck(octokit: Octokit, repository: string, headSha: string): Promise<boolean> {
  return (await findLatest(octokit, repository, headSha)) !== undefined;
}

/** Marks runs of ours: another App may use the same name, and only its owner can update a run. */
const PREFIX = "kube-autofix:";

async function findLatest(octokit: Octokit, repository: string, headSha: string) {
  const { data } = await octokit.rest.checks.listForRef({ ...coordinates(repository), ref: headSha, check_name: CHECK_NAME, filter: "latest", per_page: 100 });
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
