import { isHarmless, isSecretName } from "./secret-names.ts";
import type { Found } from "./secretlint-scan.ts";

/** What earlier lines say about the next ones. */
interface State {
  inPrivateKey: boolean;
  /** Inside a manifest (or a file of a diff) that is a Secret. */
  inSecret: boolean;
  /** Lines indented deeper than this are values of `data:`, `stringData:` or a block scalar; undefined outside. */
  hiddenBelow: number | undefined;
  /** The line before was `name: DB_PASSWORD` of an environment variable. */
  afterSecretName: boolean;
}

/** The head of a block scalar. */
const BLOCK = /^[|>][+-]?\d?$/;

/** A reader of lines, one after the other, that knows secrets which only the lines before give away: keys in PEM, values of Secrets, environment variables. */
export function blockScanner(): (line: string) => Found[] {
  const state: State = { inPrivateKey: false, inSecret: false, hiddenBelow: undefined, afterSecretName: false };
  return (line) => {
    const found = privateKey(line, state);
    if (found) return found;
    const { indent, key, value, start } = field(line);
    trackDocument(line, state);
    const hidden = hiddenValue(line, indent, value, start, state);
    const variable = state.afterSecretName && key === "value" && !isHarmless(unquoted(value)) ? [{ rule: "env-value", start, end: line.length }] : [];
    if (state.afterSecretName && key === "value" && BLOCK.test(value)) state.hiddenBelow = indent;
    // In a diff the old value comes before the new one: the name counts until something else comes.
    if (line.trim() !== "") state.afterSecretName = key === "name" ? isSecretName(unquoted(value)) : state.afterSecretName && key === "value";
    const opensSecret = key === "stringData" || (state.inSecret && key === "data");
    if (value === "" && opensSecret) state.hiddenBelow = indent;
    if (BLOCK.test(value) && isSecretName(key)) state.hiddenBelow = indent;
    return [...hidden, ...variable, ...inlineSecret(line)];
  };
}

function privateKey(line: string, state: State): Found[] | undefined {
  const begins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.exec(line);
  if (begins) {
    state.inPrivateKey = !/-----END [A-Z0-9 ]{0,40}PRIVATE KEY/.test(line);
    return [{ rule: "private-key", start: begins.index, end: line.length }];
  }
  if (!state.inPrivateKey) return undefined;
  state.inPrivateKey = !line.includes("-----END ");
  return line.trim() === "" ? [] : [{ rule: "private-key", start: 0, end: line.length }];
}

/** A YAML field of one line, behind diff marks and list dashes. */
function field(line: string): { indent: number; key: string; value: string; start: number } {
  const match = /^([+ -]?)(\s*(?:- +)*)(["']?)([\w.\-/]{1,200})\3:(?:\s+|$)/.exec(line);
  if (!match) return { indent: /^[+-]?\s*/.exec(line)?.[0].length ?? 0, key: "", value: "", start: 0 };
  const start = match[0].length;
  return { indent: (match[1]?.length ?? 0) + (match[2]?.length ?? 0), key: match[4] ?? "", value: line.slice(start).trim(), start };
}

/** A new document or file ends what was; `kind: Secret`, or a file of a diff that is named after secrets, begins it. */
function trackDocument(line: string, state: State): void {
  if (/^[+ -]?---(?:\s*$)/.test(line) || /^@@ |^diff /.test(line))
    Object.assign(state, { hiddenBelow: undefined, inSecret: line.startsWith("@@") && state.inSecret });
  else if (/^(?:---|\+\+\+) \S/.test(line)) Object.assign(state, { hiddenBelow: undefined, inSecret: /secret/i.test(line) && !/sealed|external/i.test(line) });
  const kind = /^[+ -]?\s*["']?kind["']?:\s*["']?(\w{1,60})["']?\s*$/.exec(line)?.[1];
  if (kind) state.inSecret = kind === "Secret";
}

function hiddenValue(line: string, indent: number, value: string, start: number, state: State): Found[] {
  if (state.hiddenBelow === undefined || line.trim() === "") return [];
  if (indent <= state.hiddenBelow) {
    state.hiddenBelow = undefined;
    return [];
  }
  if (start > 0 && (value === "" || isHarmless(unquoted(value)))) return [];
  const from = start > 0 ? start : indent;
  return [{ rule: "secret-data", start: from, end: line.length }];
}

/** A Secret as JSON in one line, as annotations and API errors carry it. */
function inlineSecret(line: string): Found[] {
  if (!/"kind"\s{0,4}:\s{0,4}"Secret"/.test(line)) return [];
  return [...line.matchAll(/"(?:data|stringData)"\s{0,4}:\s{0,4}\{(?<secret>[^{}]{1,4000})\}/g)].map((match) => {
    const secret = match.groups?.secret ?? "";
    const start = match.index + match[0].length - 1 - secret.length;
    return { rule: "secret-data", start, end: start + secret.length };
  });
}

function unquoted(value: string): string {
  return value.replace(/^["']|["']$/g, "");
}
