import { type Hunk, linesOf } from "../../../source/edit/hunks.ts";

/** Names with their owners, as programs write them: `net.prt`, `server -> port`, `exporters::otlp::endpoint`, `/spec/rules/0/expr`, `jobs[2].path`. */
const PATHS = /[A-Za-z_][\w-]*(?:\[\d+\])?(?:(?:\.|::|\/| -> | > )[\w-]+(?:\[\d+\])?)+/g;

/**
 * Whether a message names a changed line by its key and the key that holds it, as it does where the same key stands in other parts of the file too: `net.prt`. Of the
 * lines of YAML, INI and TOML; the spelling of a key is the program's own (`pool-size`, `poolSize`).
 */
export function namesKeyPath(message: string, hunk: Hunk, today: string): boolean {
  const named = (message.slice(0, 4000).match(PATHS) ?? []).map(partsOf);
  if (named.length === 0) return false;
  return keyPaths(hunk, today).some((path) => {
    const own = path.slice(-2);
    return own.length === 2 && named.some((parts) => own.every((part, i) => part === parts[parts.length - 2 + i]));
  });
}

/** The keys of the changed lines, each behind those that hold it. */
function keyPaths({ at, before, after }: Hunk, today: string): string[][] {
  const lines = linesOf(today);
  return [...before, ...after].flatMap((line) => {
    const key = keyOf(line);
    return key === undefined ? [] : [[...ownersOf(lines.slice(0, at), depthOf(line)), ...partsOf(key)]];
  });
}

function ownersOf(above: readonly string[], depth: number): string[] {
  const owners: string[] = [];
  let least = depth;
  for (const line of above.toReversed()) {
    const [, section] = /^\s*\[+\s*([\w.-]+)\s*\]+\s*$/.exec(line.slice(0, 200)) ?? [];
    if (section !== undefined) return [...partsOf(section), ...owners];
    const key = keyOf(line);
    if (key === undefined || depthOf(line) >= least) continue;
    least = depthOf(line);
    owners.unshift(...partsOf(key));
  }
  return owners;
}

function keyOf(line: string): string | undefined {
  return /^\s*(?:- )?["']?([A-Za-z_][\w.-]{0,60})["']?\s*[:={]/.exec(line.slice(0, 300))?.[1];
}

/** Where the key itself stands: behind the dash of an item. */
function depthOf(line: string): number {
  return line.length - line.replace(/^\s*(?:- )?/, "").length;
}

/** Without numbers of items, and in one spelling. */
function partsOf(path: string): string[] {
  return path
    .replaceAll(/\[\d+\]/g, "")
    .split(/\.|::|\/| -> | > /)
    .filter((part) => !/^\d+$/.test(part))
    .map((part) => part.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
}
