// A value that a HelmRelease takes by `targetPath` is read as `--set` reads it, where a comma begins the next value (Flux docs, "Values references"; Helm docs, "The
// format and limitations of --set"): `eu,us` is written `eu\,us`.
const LIST = /^([ \t]+[\w.-]{1,100}: +)([\w.:/-]{1,100}(?:,[\w.:/-]{1,100}){1,20})(\s*)$/;

/** The line with the commas of its one value escaped. */
export function commasEscaped(line: string): string[] {
  const [, key, value, end] = LIST.exec(line) ?? [];
  return value === undefined ? [] : [`${key}${value.replaceAll(",", "\\,")}${end}`];
}
