/** Longest value that is looked at, in characters. */
const LONGEST = 500;

/**
 * What the value of a line `KEY=value` is meant to be, where quotes around it or a remark behind it became a part of it: kustomize takes the lines of an `envs` file
 * word for word, which a shell does not. Undefined where it has neither.
 */
export function plainPair(value: string): string | undefined {
  if (value.length > LONGEST || value.includes("\n")) return undefined;
  const remark = value.search(/\s#/);
  const alone = (remark < 0 ? value : value.slice(0, remark)).trim();
  const quoted = /^(["'])([^"']*)\1$/.exec(alone);
  const plain = quoted ? (quoted[2] ?? "") : alone;
  return plain === "" || plain === value || (remark < 0 && !quoted) ? undefined : plain;
}
