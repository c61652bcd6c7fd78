import { OLD_PATH_TYPE } from "../../cluster/ingress-v1.ts";

const BACKEND = /^( *)((?:- )?)backend:\s*$/;
const NAME = /^ *serviceName:( *\S.*?)\s*$/;
const PORT = /^ *servicePort:( *)(["']?)([\w-]{1,15})\2\s*$/;

/**
 * The lines of a document with its backends as networking.k8s.io/v1 has them: a Service with a port of a name or a number, behind paths that say their type.
 * Undefined where a backend is not written out in lines of its own. Works on lines, so that comments and templates around them stay.
 */
export function backendsInV1(lines: readonly string[]): string[] | undefined {
  const made: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const [, indent = "", dash = ""] = BACKEND.exec(line) ?? [];
    if (!BACKEND.test(line)) {
      if (/\bservice(?:Name|Port)\b/.test(line)) return undefined;
      made.push(line);
      continue;
    }
    const own = lines.slice(at + 1, at + 3).map((one) => one.trimEnd());
    const name = own.map((one) => NAME.exec(one)?.[1]).find((one) => one !== undefined);
    const port = own.map((one) => PORT.exec(one)).find((one) => one !== null);
    if (name === undefined || !port) return undefined;
    const inner = `${indent}${" ".repeat(dash.length)}`;
    const isOfPath = isBelowPaths(lines.slice(0, at), inner.length);
    const [, , quote = "", value = ""] = port;
    const kind = quote === "" && /^\d+$/.test(value) ? "number" : "name";
    made.push(`${indent}${dash}${isOfPath ? "backend" : "defaultBackend"}:\n`, `${inner}  service:\n`, `${inner}    name:${name}\n`);
    made.push(`${inner}    port:\n`, `${inner}      ${kind}: ${quote}${value}${quote}\n`);
    if (isOfPath && !saysType(lines, at, inner.length)) made.push(`${inner}pathType: ${OLD_PATH_TYPE}\n`);
    at += 2;
  }
  return made;
}

function isBelowPaths(above: readonly string[], depth: number): boolean {
  const holder = above.findLast((line) => line.trim() !== "" && line.search(/[^ -]/) < depth);
  return holder?.trim() === "paths:";
}

/** Whether the path around a backend says its type already. */
function saysType(lines: readonly string[], at: number, depth: number): boolean {
  const isOther = (line: string | undefined) => line === undefined || (line.trim() !== "" && line.search(/[^ -]/) < depth);
  let [from, to] = [at, at];
  while (!isOther(lines[from - 1]) && !/^ *- /.test(lines[from] ?? "")) from--;
  while (!isOther(lines[to + 1]) && !(/^ *- /.test(lines[to + 1] ?? "") && (lines[to + 1] ?? "").search(/[^ -]/) <= depth)) to++;
  return lines.slice(from, to + 1).some((line) => line.search(/[^ -]/) === depth && /^[ -]*pathType:/.test(line));
}
