import type { Octokit } from "@octokit/rest";

/** For `request:` of a read that is repeated: GitHub is asked whether anything changed since the last time, which costs nothing of the rate limit where nothing did. */
export const CONDITIONAL = { conditional: true };

/** Answers of so many different questions are kept; lists of one repository are two or three. */
const ANSWERS = 500;

/**
 * Lets a client ask conditionally (docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate).
 * The answer to "not modified" is the one that was given last time.
 */
export function askConditionally(client: Octokit): void {
  const known = new Map<string, { etag: string; response: Awaited<ReturnType<Octokit["request"]>> }>();
  client.hook.wrap("request", async (request, options) => {
    if (options.request.conditional !== true) return request(options);
    const { url } = client.request.endpoint(options);
    const last = known.get(url);
    // What is inside was bound to these options before: they can be changed, but not replaced (before-after-hook, lib/register.js).
    if (last) options.headers["if-none-match"] = last.etag;
    try {
      const response = await request(options);
      known.delete(url);
      if (response.headers.etag) known.set(url, { etag: response.headers.etag, response });
      for (const oldest of known.keys()) if (known.size > ANSWERS) known.delete(oldest);
      return response;
    } catch (thrown) {
      if (last && thrown instanceof Error && "status" in thrown && thrown.status === 304) return last.response;
      throw thrown;
    }
  });
}
