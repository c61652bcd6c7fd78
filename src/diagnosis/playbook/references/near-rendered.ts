import { affixesOf, withoutAffixes } from "../../../source/render/affixes.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { nearMatch } from "../../near-match.ts";

/**
 * The one rendered name that is nearly the wrong one as it stands in git: `report-runner-eu` for `reports-runner`, where kustomize adds `-eu` to what it knows.
 * @param near what is one
 */
export function nearRendered(
  { documents }: Pick<DiagnosisInput, "documents">,
  wrong: string,
  known: readonly string[],
  near: (wrong: string, known: Iterable<string>) => string | undefined = nearMatch,
): string | undefined {
  const affixes = affixesOf(documents);
  const bare = new Map(known.flatMap((name) => withoutAffixes(name, affixes).map((one) => [one, name])));
  const meant = near(wrong, bare.keys());
  return meant === undefined ? undefined : bare.get(meant);
}
