const SCHEME = /^(?:[a-z][a-z0-9+.-]{0,30}:){1,3}(?:\/\/[^/?#]{0,300})?([^?#:]{1,500})/i;

/**
 * The paths within a value that programs name without what stands around them: that of `filesystem:/app/sql/next`, and of each item of a list. A single
 * name is no path: it may stand in any line.
 */
export function pathsIn(value: string): string[] {
  const items = value.slice(0, 2000).split(/[,;\s]+/);
  const paths = items.map((item) => SCHEME.exec(item)?.[1] ?? (items.length > 1 && item.startsWith("/") ? item : "")).map((path) => path.replace(/\/+$/, ""));
  return paths.filter((path) => path.split("/").filter((part) => part !== "").length >= 2);
}

/** The paths that a value has and that the one before it did not have. */
export function newPathsIn(values: readonly string[], before: readonly string[]): string[] {
  const known = before.flatMap(pathsIn);
  return values.flatMap(pathsIn).filter((path) => !known.includes(path));
}
