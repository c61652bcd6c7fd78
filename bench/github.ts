import { parseArgs } from "node:util";
import type { Count } from "./github/count.ts";
import { type Fleet, watchFleet } from "./github/fleet.ts";
import { overLimit, type Step, tellStory } from "./github/story.ts";

/**
 * What the App asks of GitHub, beside a naive App that keeps nothing in memory from one look to the next: no installation, no file, no answer, no list of what is
 * its own. Counted at the fake GitHub of the tests; tokens are left out.
 * @returns 1 where a step costs more than it may
 */
export async function run(args: readonly string[]): Promise<number> {
  const { json } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } }).values;
  const steps = await tellStory("as it is");
  const naive = await tellStory("naively");
  const fleet = await watchFleet();
  const over = overLimit(steps);
  console.log(json ? JSON.stringify({ steps, naive, fleet }, null, 1) : asText(steps, naive, fleet));
  for (const { name } of over) console.error(`${name}: more than it may cost`);
  return over.length === 0 ? 0 : 1;
}

function asText(steps: readonly Step[], naive: readonly Step[], fleet: Fleet): string {
  const cell = ({ writes, reads, unchanged }: Count) =>
    `${String(writes).padStart(3)} writes ${String(reads).padStart(6)} reads (${unchanged} unchanged)`.padEnd(38);
  const row = (name: string, ours: Count, others: Count | undefined) => `${name.padEnd(28)}${cell(ours)}${others ? cell(others) : ""}`.trimEnd();
  const limits = steps.flatMap(({ name, limit }) =>
    limit ? [`${name}: ≤ ${limit.writes} writes${limit.reads === undefined ? "" : ` and ≤ ${limit.reads} reads`}`] : [],
  );
  return [
    `${"".padEnd(28)}${"Kube AutoFix".padEnd(38)}keeping nothing in memory`,
    ...steps.map(({ name, count }, i) => row(name, count, naive[i]?.count)),
    row("one hour, all healthy", fleet.ours, fleet.naive),
    `The fleet: ${fleet.deliveries} deliveries from ${fleet.repositories} repositories, each looked at every five minutes. Unchanged reads (304) count for no rate limit.`,
    `Limits: ${limits.join("; ")}.`,
  ].join("\n");
}
