import type { RecordedRequest } from "../../test/standins/github/front.ts";
import type { World } from "../../test/world/world.ts";

/** Requests to GitHub. `unchanged` are those reads that were answered with 304, which count for no rate limit; tokens are not counted. */
export interface Count {
  writes: number;
  reads: number;
  unchanged: number;
}

/** What the App asks of GitHub while something happens, and until a look after it has ended. */
export async function countOf(world: World, happens: () => Promise<unknown>): Promise<Count> {
  const from = world.github.requests.length;
  await happens();
  return sum(world.github.requests.slice(from));
}

export function sum(requests: readonly RecordedRequest[]): Count {
  const all = requests.filter(({ path }) => !path.endsWith("/access_tokens"));
  const reads = all.filter(({ method }) => method === "GET");
  return { writes: all.length - reads.length, reads: reads.length, unchanged: reads.filter(({ status }) => status === 304).length };
}
