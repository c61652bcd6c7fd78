// Slips in one action of a Helm template: a brace that is missing, `indent` where only `nindent` begins a new line (Sprig), and what belongs to the root where the dot
// is another (https://helm.sh/docs/chart_template_guide/variables/).

const UNCLOSED = /(\{\{[^{}\n]{1,500}[^{}\s\n])( ?)\}(?!\})/;
const UNOPENED = /(?<![{\w$])\{(?!\{)([^{}\n]{1,500}\}\})/;
/** A line that is one action, which swallows the line end before it or should. */
const ALONE = /^([ \t]*)\{\{(-?)[^{}\n]{1,500}\| ?(n?indent) (\d{1,3}) *-?\}\}\s*$/;

/** What only the root of a template has. */
const OF_ROOT = /(?<![\w.$)])(\.(?:Release|Chart|Capabilities|Files|Template|Values)\b)/g;

/** The line of a template with one such slip mended, in every way that there is. */
export function actionMended(line: string): string[] {
  return [...braced(line), ...onNewLine(line), ...rooted(line)];
}

/** The same for slips that may have slept in a part of a template that nothing made it render: what they say otherwise is the same wherever it worked. */
export function sleeperMended(line: string): string[] {
  return [...onNewLine(line), ...rooted(line)];
}

/** With `$` before what belongs to the root: inside of `with` and `range` the dot is another, and everywhere else the same. */
function rooted(line: string): string[] {
  const meant = line.replace(/\{\{[^{}\n]{1,500}\}\}/g, (action) => action.replace(OF_ROOT, "$$$1"));
  return meant === line ? [] : [meant];
}

function braced(line: string): string[] {
  const closed = line.replace(UNCLOSED, "$1$2}}");
  const opened = line.replace(UNOPENED, "{{$1");
  return [closed, opened].filter((one) => one !== line && isBalanced(one));
}

function isBalanced(line: string): boolean {
  return line.split("{{").length === line.split("}}").length;
}

/** As deep as the function says; and as deep as the action itself stands, where it says something else. */
function onNewLine(line: string): string[] {
  const [, indent = "", dash, name, depth] = ALONE.exec(line) ?? [];
  if (name === undefined || indent.includes("\t") || (dash === "" && indent === "")) return [];
  const begun = dash === "" ? line.replace("{{", "{{-") : line;
  const forms = [depth, String(indent.length)].map((columns) => begun.replace(/\| ?n?indent \d{1,3}/, `| nindent ${columns}`));
  return [...new Set(forms)].filter((one) => one !== line);
}
