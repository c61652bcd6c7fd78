import { affixesOf, withoutAffixes } from "../../source/affixes.ts";
import type { DiagnosisInput } from "../diagnosis.ts";
import { nearMatch } from "../near-match.ts";

/** The one rendered name that is nearly the wrong one as it stands in git: `report-runner-eu` for `reports-runner`, where kustomize adds `-eu` to what it knows. */
export function nearRendered({ documents }: Pick<DiagnosisInput, "documents">, wrong: string, known: readonly string[]): string | undefined {
  const affixes = affixesOf(documents);
  const bare = new Map(known.flatMap((name) => withoutAffixes(name, affixes).map((one) => [one, name])));
  const meant = nearMatch(wrong, bare.keys());
  return meant === undefined ? undefined : bare.get(meant);
}
