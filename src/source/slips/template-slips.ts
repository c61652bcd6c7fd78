// Slips in one action of a Helm template: a brace that is missing, and `indent` where only `nindent` begins a new line (Sprig).

const UNCLOSED = /(\{\{[^{}\n]{1,500}[^{}\s\n])( ?)\}(?!\})/;
const UNOPENED = /(?<![{\w$])\{(?!\{)([^{}\n]{1,500}\}\})/;
/** A line that is one action, which swallows the line end before it. */
const ALONE = /^([ \t]*)\{\{-[^{}\n]{1,500}\| ?(n?indent) (\d{1,3}) *-?\}\}\s*$/;

/** The line of a template with one such slip mended, in every way that there is. */
export function actionMended(line: string): string[] {
  return [...braced(line), ...onNewLine(line)];
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
  const [, indent = "", name, depth] = ALONE.exec(line) ?? [];
  if (name === undefined || indent.includes("\t")) return [];
  const forms = [depth, String(indent.length)].map((columns) => line.replace(/\| ?n?indent \d{1,3}/, `| nindent ${columns}`));
  return [...new Set(forms)].filter((one) => one !== line);
}
