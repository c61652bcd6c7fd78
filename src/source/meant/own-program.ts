import { imageParts } from "../image-reference.ts";

/**
 * The image of the program that ran here until it got another one's, which runs elsewhere too: as the others that still run the former have it, in one version.
 * Undefined where nobody else runs both, or the former in several versions.
 * @param others images of the delivery's other containers
 */
export function ownProgram(before: string, after: string, others: readonly string[]): string | undefined {
  const [then, now] = [imageParts(before), imageParts(after)];
  if (then.name === now.name || !others.some((image) => imageParts(image).name === now.name)) return undefined;
  const [own, ...more] = new Set(others.filter((image) => imageParts(image).name === then.name));
  return more.length === 0 ? own : undefined;
}
