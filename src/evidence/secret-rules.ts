import { isDoubtfulName, isHarmless, isSecretName, looksRandom } from "./secret-names.ts";
import type { Found } from "./secretlint-scan.ts";

interface Shape {
  rule: string;
  /** Global; the group named `secret` is what is hidden. Every repetition is bounded or starts at a literal, so that a line costs linear time. */
  pattern: RegExp;
  accepts?(secret: string): boolean;
}

/** Secrets that are recognised by their own form. */
const SHAPES: readonly Shape[] = [
  { rule: "aws-access-key-id", pattern: /\b(?<secret>(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16})\b/g },
  { rule: "jwt", pattern: /\b(?<secret>eyJ[\w-]{8,2000}\.[\w-]{8,2000}(?:\.[\w-]{0,2000})?)/g },
  { rule: "bearer", pattern: /\bbearer\s{1,4}(?<secret>[\w.~+/=-]{12,2000})/gi, accepts: (secret) => /[\d_=+/]/.test(secret) },
  { rule: "basic-auth", pattern: /\bbasic\s{1,4}(?<secret>[A-Za-z0-9+/]{8,500}={0,2})/gi, accepts: isUserAndPassword },
  { rule: "url-password", pattern: /:\/\/[^\s/:@"'<>]{0,200}:(?<secret>[^\s/@"'<>]{1,300})@/g, accepts: (secret) => !isHarmless(secret) },
  { rule: "azure-key", pattern: /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|sig)=(?<secret>[A-Za-z0-9+/%=_-]{20,500})/gi },
  { rule: "google-key", pattern: /\b(?<secret>AIza[\w-]{35}|ya29\.[\w-]{20,500}|GOCSPX-[\w-]{20,60})/g },
  {
    rule: "token",
    pattern:
      /\b(?<secret>gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{22,255}|glpat-[\w-]{20,60}|xox[abeoprs]-[\w-]{10,200}|hv[sbr]\.[\w-]{20,300}|[sr]k_(?:live|test)_\w{16,200}|sk-[\w-]{20,200}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{30,300}|dop_v1_[0-9a-f]{64}|AGE-SECRET-KEY-1[0-9A-Z]{58}|SG\.[\w-]{16,64}\.[\w-]{16,64}|shp(?:at|ss|ca)_[0-9a-fA-F]{32}|dckr_pat_[\w-]{20,60})/g,
  },
  { rule: "webhook-url", pattern: /https:\/\/(?:hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/webhooks)\/(?<secret>[\w/-]{20,200})/g },
  { rule: "flag", pattern: /"--?(?<name>[\w-]{2,60})"\s{0,4},\s{0,4}"(?<secret>[^"]{1,500})"/g },
  { rule: "flag", pattern: /(?:^|\s)--(?<name>[\w-]{2,60})\s{1,4}(?<secret>[^\s"'-][^\s"']{0,500})/g, accepts: isNoWord },
  {
    rule: "env-value",
    pattern:
      /["']?name["']?\s{0,4}:\s{0,4}["']?(?<name>[\w.-]{1,100})["']?\s{0,4},\s{0,4}["']?value["']?\s{0,4}:\s{0,4}(?<secret>"[^"]{1,500}"|'[^']{1,500}'|[^\s,}"']{1,500})/g,
  },
];

/** Everything in one line that is a secret by its form, or by the name before it. */
export function scanLine(line: string): Found[] {
  return [...SHAPES.flatMap((shape) => scanShape(line, shape)), ...scanHeaders(line), ...scanPairs(line)];
}

function scanShape(line: string, { rule, pattern, accepts }: Shape): Found[] {
  return [...line.matchAll(pattern)].flatMap((match): Found[] => {
    const { secret = "", name } = match.groups ?? {};
    if (name !== undefined && !isSecretName(name)) return [];
    if (isHarmless(unquote(secret)) || (accepts && !accepts(secret))) return [];
    const start = match.index + match[0].lastIndexOf(secret);
    return [{ rule, start, end: start + secret.length }];
  });
}

/** Headers whose whole value is a secret. */
const HEADER = /\b(?:set-cookie|cookie|proxy-authorization|authorization|x-api-key|x-auth-token|private-token)["']?\s{0,4}[:=]\s{0,4}["']?/gi;

function scanHeaders(line: string): Found[] {
  return [...line.matchAll(HEADER)].flatMap((match): Found[] => {
    const start = match.index + match[0].length;
    const value = /^[^"'\r\n]{1,2000}/.exec(line.slice(start))?.[0] ?? "";
    const isProse = /^[a-z]+(?: [a-z]+)*[.,]?$/i.test(value) && !/^(?:basic|bearer|token|digest|negotiate) /i.test(value);
    return value.trim() === "" || isHarmless(value.trim()) || isProse ? [] : [{ rule: "header", start, end: start + value.length }];
  });
}

/** A name, and `=` or `:` behind it. */
const PAIR = /[\w.-]{1,100}\\?["']?\s{0,4}(?::=|[:=])\s{0,4}/g;
const VALUE = /^(?:\\?"(?<double>(?:[^"\\]|\\[^"]){0,1000})|'(?<single>[^']{0,1000})|(?<bare>[^\s,;&"'{}[\])]{1,1000}))/;

function scanPairs(line: string): Found[] {
  return [...line.matchAll(PAIR)].flatMap((match): Found[] => {
    const name = /^[\w.-]+/.exec(match[0])?.[0] ?? "";
    const isSecret = isSecretName(name);
    if (!isSecret && !isDoubtfulName(name)) return [];
    const start = match.index + match[0].length;
    const value = VALUE.exec(line.slice(start, start + 1100));
    const secret = value?.groups?.double ?? value?.groups?.single ?? value?.groups?.bare ?? "";
    if (!value || isHarmless(secret) || /^[|>][+-]?$/.test(secret)) return [];
    if (isSecret ? isProse(line, match.index, match[0], value) : !looksRandom(secret)) return [];
    const from = start + value[0].indexOf(secret);
    return [{ rule: isSecret ? "named-secret" : "high-entropy", start: from, end: from + secret.length }];
  });
}

/** `failed to fetch token: context deadline exceeded`: a colon in a sentence, not a field. */
function isProse(line: string, at: number, pair: string, value: RegExpExecArray): boolean {
  if (value.groups?.bare === undefined || !/:\s+$/.test(pair)) return false;
  const isField = /^[\s+\-{,"'>#]*$/.test(line.slice(Math.max(0, at - 200), at)) || /[{,]\s*["']?$/.test(line.slice(Math.max(0, at - 5), at));
  return !isField && !isNoWord(value.groups.bare);
}

/** Whether a value is more than an ordinary word: it has digits or signs in it. */
function isNoWord(value: string): boolean {
  return /[^A-Za-z.,:!?)-]/.test(value);
}

function isUserAndPassword(base64: string): boolean {
  const text = Buffer.from(base64, "base64").toString("latin1");
  return /^[\x20-\x7e]+:[\x20-\x7e]*$/.test(text);
}

function unquote(text: string): string {
  return text.replace(/^["']|["']$/g, "");
}
