import { plain } from "../../near-match.ts";
import type { LogLine } from "../../pods.ts";

const FIELD = /^\s*([A-Za-z][\w.-]{0,100})\s*$/;
const GIVEN = /\[type=\w{1,60}, input_value='([^']{0,300})', /;

/**
 * Whether a report of wrong settings (pydantic's) has this variable's name on a line of its own, and below it what is wrong with just this value: `workers`, and
 * `Input should be greater than or equal to 1 [type=greater_than_equal, input_value='0', …]`. A prefix of the settings is no part of the name there.
 */
export function reportsValue(log: readonly LogLine[], line: LogLine, name: string, value: string): boolean {
  const given = GIVEN.exec(line.text.slice(0, 2000))?.[1];
  const field = FIELD.exec((log[log.indexOf(line) - 1]?.text ?? "").slice(0, 200))?.[1];
  if (given !== value || field === undefined) return false;
  const [own, said] = [name, field].map(plain);
  return own === said || name.toLowerCase().endsWith(`_${field.toLowerCase()}`);
}
