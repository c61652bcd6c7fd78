import { digestOf, movedTags } from "../../../evidence/moved-tag.ts";
import { imageParts } from "../../../source/image-reference.ts";
import type { Finding } from "../../diagnosis.ts";
import { quoteEach } from "../../quotes.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, shown } from "../entry.ts";

/**
 * The pods that crash run another image than those that work, by the same name: its tag was pushed again. Then nothing that git says is to blame, whatever
 * changed there at the same time.
 */
export function tagMoved({ input, container, statement }: CrashCase): Finding | undefined {
  const isFailing = (pod: string, name: string) => name === container.name && container.pods.has(pod);
  const moved = movedTags(input.observation, statement.object, isFailing).find((one) => one.container === container.name);
  if (!moved) return undefined;
  const { reference, worked, fails } = moved;
  const { name, tag = "latest" } = imageParts(reference);
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}; the tag ${shown(tag)} of ${shown(name)} is another image now: ${short(worked.image)} runs well in pod ${worked.pod}, ${short(fails.image)} does not.`;
  const quotes = quoteEach(input.evidence, [[worked.image], [fails.image]], { container: container.name });
  return escalate(
    { ...statement, rootCause, quotes: [...quotes, ...statement.quotes], confidence: CONFIDENCE.likely },
    "the tag was pushed again, and nothing that git says makes the difference",
    `Pin the image that worked (${name}@${digestOf(worked.image)}), or push the repaired build under a new tag.`,
  );
}

/** As much of it as tells it from others. */
function short(image: string): string {
  return `${digestOf(image).slice(0, 19)}…`;
}
