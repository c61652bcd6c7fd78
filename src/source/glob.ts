/** Argo CD's globs (gobwas without separators): `*` also crosses folders, `?` is one character, `{a,b}` are alternatives. */
export function matchesGlob(text: string, glob: string): boolean {
  return alternatives(glob).some((pattern) => matchesWildcards(text, pattern));
}

function alternatives(glob: string): string[] {
  const open = glob.indexOf("{");
  const close = glob.indexOf("}", open);
  if (open < 0 || close < 0) return [glob];
  const inner = glob
    .slice(open + 1, close)
    .split(",")
    .slice(0, 50);
  return inner.flatMap((part) => alternatives(glob.slice(0, open) + part + glob.slice(close + 1))).slice(0, 200);
}

/** Greedy with one step back: linear in practice, never exponential. */
function matchesWildcards(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let from = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p;
      while (pattern[p] === "*") p++;
      from = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      while (pattern[p] === "*") p++;
      t = ++from;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** Globs of paths: `*` and `?` stay inside a folder, `**` is any number of folders, `{a,b}` are alternatives. */
export function matchesPath(path: string, glob: string): boolean {
  return alternatives(glob).some((pattern) => matchesSegments(path.split("/"), pattern.split("/").slice(0, MAX_SEGMENTS)));
}

const MAX_SEGMENTS = 40;

/** Row by row: which prefixes of the path the patterns so far can stand for. */
function matchesSegments(segments: readonly string[], patterns: readonly string[]): boolean {
  let reached = new Set([0]);
  for (const pattern of patterns) {
    const next = new Set<number>();
    for (const at of reached) {
      const segment = segments[at];
      if (pattern === "**") for (let i = at; i <= segments.length; i++) next.add(i);
      else if (segment !== undefined && matchesWildcards(segment, pattern)) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(segments.length);
}
