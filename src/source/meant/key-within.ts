/** A key of a ConfigMap that stands in the text of the key before it, one level too deep. */
export interface KeyWithin {
  key: string;
  value: string;
  /** What the text before it says without it. */
  rest: string;
}

/**
 * The end of a text that is a key with a block of its own (`gzip.conf: |`), which the complaint of its reader quotes: it was meant to stand beside the text.
 * Undefined where there is none, or several.
 */
export function keyWithin(text: string, complaint: string): KeyWithin | undefined {
  const lines = text.length > LONGEST ? [] : text.split("\n");
  const [at, ...more] = lines.flatMap((line, i) => (HEAD.test(line) ? [i] : []));
  const [, key = "", style = "", chomping = ""] = HEAD.exec(lines[at ?? -1] ?? "") ?? [];
  const block = at === undefined ? [] : lines.slice(at + 1);
  const depth = Math.min(...block.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length));
  // A folded block or kept ends would say something else than its lines.
  if (at === undefined || at === 0 || more.length > 0 || style !== "|" || chomping === "+" || depth === 0 || !Number.isFinite(depth)) return undefined;
  if (!complaint.includes(`${key}:`) && !complaint.includes(`"${key}"`) && !complaint.includes(`'${key}'`)) return undefined;
  const value = block.map((line) => line.slice(depth)).join("\n");
  const own = value.replace(/\n*$/, chomping === "-" ? "" : "\n");
  return { key, value: own, rest: `${lines.slice(0, at).join("\n")}\n` };
}

const HEAD = /^([A-Za-z0-9][\w.-]{0,60}\.[A-Za-z]{1,12}): ([|>])([+-]?)\s*$/;
const LONGEST = 200_000;
