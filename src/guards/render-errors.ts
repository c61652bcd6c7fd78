import type { GateInput } from "./gate.ts";

const LONGEST = 20_000;

/** What renderers and delivery tools say of a source that they cannot build, cut to what is looked through. */
export function renderErrors({ evidence }: Pick<GateInput, "evidence">): string[] {
  return evidence.items.filter(({ kind }) => kind === "render-error" || kind === "delivery").map(({ text }) => text.slice(0, LONGEST));
}
