/** One action that writes the chart's version, and does nothing about what a label may not have: `{{ .Chart.Version }}`, `{{ printf "%s-%s" .Chart.Name .Chart.Version }}`. */
const VERSION = /\{\{-?[^{}\n]{0,200}\.Chart\.Version\b[^{}\n]{0,200}\}\}/g;

/** The line with its one such action piped through `replace "+" "_"`, as `helm create` writes it; undefined where it has none, or several. */
export function withoutPlus(line: string): string | undefined {
  const [action, ...more] = line.match(VERSION) ?? [];
  if (action === undefined || more.length > 0 || /\breplace\b/.test(action)) return undefined;
  const quotes = /\|\s*(?:quote|squote|trunc)\b/.exec(action);
  const end = quotes?.index ?? action.search(/\s*-?\}\}$/);
  const piped = `${action.slice(0, end).trimEnd()} | replace "+" "_"${quotes ? " " : ""}${action.slice(end)}`;
  return line.replace(action, () => piped);
}
