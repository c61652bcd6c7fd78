/** Breaks a text into lines of at most `width` characters, at spaces where there are some, else after a dot; what is indented stays indented. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  const indent = /^\s*(?:[-*] )?/.exec(line)?.[0].length ?? 0;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const end = space > indent ? space : rest.lastIndexOf(".", width - 1) + 1 || width;
    lines.push(rest.slice(0, end).trimEnd());
    rest = " ".repeat(indent) + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** What GitHub would not show either: HTML comments, such as the bot's markers. */
export function withoutComments(markdown: string): string {
  return markdown
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** One section of a Markdown text, with its heading or summary: from the line that begins so to the line that begins the next one. */
export function sectionOf(markdown: string, beginning: string): string {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => line.includes(beginning));
  if (start < 0) return "";
  const length = lines.slice(start + 1).findIndex((line) => /^(?:#|<\/?details>)/.test(line));
  return lines
    .slice(start, length < 0 ? undefined : start + 1 + length)
    .join("\n")
    .trim();
}
