/** Argo CD's globs (gobwas without separators): `*` also crosses folders, `?` and `[a-z]` are one character, `{a,b}` are alternatives. */
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

/** One character of a text, as a pattern describes it; undefined for `*`. */
type Token = ((character: string) => boolean) | undefined;

/** `*`, `?`, `[a-z]`, `[!a-z]` (or `[^a-z]`), `\\*`, and characters that stand for themselves. */
function tokensOf(pattern: string): Token[] {
  const parts = pattern.match(/\\[\s\S]|\[[!^]?\]?[^\]]*\]|[\s\S]/g) ?? [];
  return parts.map((part): Token => {
    if (part === "*") return undefined;
    if (part === "?") return () => true;
    const range = /^\[([!^]?)(.+)\]$/s.exec(part);
    if (!range) return (character) => character === (part.length > 1 ? part.slice(1) : part);
    const [, negated, members = ""] = range;
    const listed = [...members.matchAll(/([\s\S])-([\s\S])|[\s\S]/g)];
    return (character) => (negated !== "") !== listed.some(([one, from, to]) => (from && to ? from <= character && character <= to : one === character));
  });
}

/** Greedy with one step back: linear in practice, never exponential. */
function matchesWildcards(text: string, pattern: string): boolean {
  const tokens = tokensOf(pattern);
  let t = 0;
  let p = 0;
  let star = -1;
  let from = 0;
  while (t < text.length) {
    const token = tokens[p];
    if (p < tokens.length && token === undefined) {
      star = p++;
      from = t;
    } else if (token?.(text.charAt(t))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++from;
    } else return false;
  }
  while (p < tokens.length && tokens[p] === undefined) p++;
  return p === tokens.length;
}

/** Globs of paths: `*`, `?` and `[a-z]` stay inside a folder, `**` is any number of folders, `{a,b}` are alternatives. */
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
