import { AutofixError, messageOf } from "../errors.ts";
import { statusOf } from "../source/git/github-client.ts";

/** `owner/name` in the form that Octokit wants. */
export function coordinates(repository: string): { owner: string; repo: string } {
  const [owner, repo, ...rest] = repository.split("/");
  if (!owner || !repo || rest.length > 0) throw new AutofixError("github/unexpected", `"${repository}" is not owner/name`);
  return { owner, repo };
}

/** What a read finds, or undefined for 404 (and for 409, which Git Data answers for an empty repository). Other errors pass. */
export async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status === 404 || status === 409) return undefined;
    throw thrown;
  }
}

/** For `request:` of every create: the retry plugin repeats a POST after a 5xx, and the first one may have worked. */
export const NO_RETRIES = { retries: 0 };

/**
 * Creates something that must exist only once. Where the answer leaves open whether it was created (a lost connection, a 5xx) or says that it
 * is there already (409, 422), `find` looks; only then is it an error. The caller has looked before, so this is about races and lost answers.
 */
export async function createOnce<T>(what: string, create: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  try {
    return await create();
  } catch (thrown) {
    const status = statusOf(thrown) ?? 500;
    if (status < 500 && status !== 409 && status !== 422) throw thrown;
    const found = await find();
    if (found !== undefined) return found;
    const code = status >= 500 ? "github/unexpected" : "github/conflict";
    throw new AutofixError(code, `GitHub did not create ${what} (${status}): ${messageOf(thrown)}`, { retry: "later", cause: thrown });
  }
}

/** Something that is nice to have: whether it worked. */
export async function bestEffort(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch {
    return false;
  }
}
