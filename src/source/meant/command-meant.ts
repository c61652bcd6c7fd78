// A command that no image can start as it is written, and that has one reading: several words in one item, or a shell that the image does not have beside one
// that it has.
import { type Json, type JsonObject, listAt, textAt } from "../../cluster/objects.ts";

/** The program that the container runtime did not find, in its own words: `exec: "npm start": executable file not found in $PATH`. */
export const NOT_EXECUTABLE = /exec: "([^"\n]{1,500})"/;

export interface CommandMeant {
  command: string[];
  why: "words" | "shell";
}

/** What a container's command is meant to be of which the runtime did not find this program. `others`: the containers of the same delivery. */
export function commandMeant(container: Json, program: string, others: readonly Json[]): CommandMeant | undefined {
  const command = textsAt(container, "command");
  if (command?.[0] !== program) return undefined;
  const words = wordsOf(program);
  if (words) return { command: [...words, ...command.slice(1)], why: "words" };
  const shell = shellInstead(program, command.slice(1), textsAt(container, "args") ?? []);
  return shell !== undefined && hasShell(container, others) ? { command: [shell, ...command.slice(1)], why: "shell" } : undefined;
}

/** The words of one item that is a command line; undefined where it has one word, or means something to a shell outside of quotes. */
function wordsOf(line: string): string[] | undefined {
  const words = line.match(/'[^']*'|[^\s']+/g) ?? [];
  const isPlain = words.every((word) => (word.startsWith("'") ? word.length > 2 : /^[\w./:=@%+,-]+$/.test(word)));
  const isApart = words.join(" ") === line.trim().replace(/\s+/g, " ");
  return words.length > 1 && isPlain && isApart && !words[0]?.startsWith("'") ? words.map((word) => word.replaceAll("'", "")) : undefined;
}

const BASH = /^(?:(?:\/usr)?(?:\/local)?\/bin\/)?bash$/;
/** What only bash understands; a script that has any of it stays bash's. */
const ONLY_BASH = [
  /\[\[|\(\(|[<>]\(|<<<|\$['"]|&>|\|&|=\(|\+=|==|\/dev\/(?:tcp|udp)\//,
  /\b(?:function|declare|typeset|shopt|source|pushd|popd|dirs|mapfile|readarray|select|let|coproc|disown|compgen|complete|enable|builtin|caller|local -\w|BASH\w*|RANDOM|PIPESTATUS|FUNCNAME|EPOCH\w+|time)\b/,
  /\$\{(?:!|\w+(?:\[|\/|\^|,|@|:-?\d|:\s))/,
  /\{[\w-]+(?:\.\.[\w-]+)+\}|\{[^\s{}]*,[^\s{}]*\}/,
  /\becho -[a-z]*e|\bread -[a-qs-z]|\bwait -[nfp]|\btrap\b.{0,200}\b(?:ERR|DEBUG|RETURN)\b|\bset -[a-z]*[^aefnuvxo\s-]|\bexec -|\bprintf -v|\bexport -[fn]|\btest -v|\[ -v /,
];
/** Options that busybox' shell takes as bash does. */
const OPTIONS = /^-[eux]*c$|^-[eux]+$|^-[eux]*o$|^(?:pipefail|errexit|nounset)$|^-[eux]*l?c$/;

/** `sh` at the place of bash, where it reads a script that is written out there and nothing in it is bash's own. */
function shellInstead(program: string, rest: readonly string[], args: readonly string[]): string | undefined {
  const words = [...rest, ...args];
  const flag = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = words[flag + 1];
  if (!BASH.test(program) || flag < 0 || script === undefined || !words.slice(0, flag + 1).every((word) => OPTIONS.test(word))) return undefined;
  if (words.slice(flag + 1).some((word) => ONLY_BASH.some((pattern) => pattern.test(word)) || /\b(?:ba|z|k)sh\b/.test(word))) return undefined;
  return program.includes("/") ? "/bin/sh" : "sh";
}

/** Images whose shell is busybox'. */
const SMALL =
  /^(?:(?:docker\.io|registry-1\.docker\.io|public\.ecr\.aws\/docker|mirror\.gcr\.io)\/)?(?:library\/)?(?:busybox|alpine)(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/;
const ON_ALPINE = /:[\w.-]*alpine[\w.-]*$/;

/** Whether the image has a shell by that name: by what it is, or because another container of the same image starts it. */
function hasShell(container: Json, others: readonly Json[]): boolean {
  const image = textAt(container, "image");
  if (SMALL.test(image) || ON_ALPINE.test(image)) return true;
  const isOptional = [...(textsAt(container, "command") ?? []), ...(textsAt(container, "args") ?? [])].some((word) => word === "pipefail");
  return !isOptional && others.some((other) => textAt(other, "image") === image && /^(?:\/bin\/)?sh$/.test(textsAt(other, "command")?.[0] ?? ""));
}

function textsAt(container: Json | JsonObject, field: string): string[] | undefined {
  const list = listAt(container, field);
  return list.length > 0 && list.every((item) => typeof item === "string") ? (list as string[]) : undefined;
}
