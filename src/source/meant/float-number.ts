/** How Go writes a whole number that a template took from YAML as a float: `5000000` as `5e+06` (https://helm.sh/docs/chart_best_practices/values/#make-types-clear). */
const FLOAT = /^-?[1-9](?:\.\d{1,15})?e\+\d{2}$/;

/** The digits of a whole number that is written as a float; undefined for any other text, and for a number too large to be exact. */
export function digitsOf(text: string): string | undefined {
  const number = FLOAT.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? String(number) : undefined;
}
