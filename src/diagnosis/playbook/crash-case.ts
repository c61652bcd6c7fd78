import type { KubeObject } from "../../cluster/objects.ts";
import type { FieldChange } from "../../source/field-path.ts";
import type { DiagnosisInput } from "../diagnosis.ts";
import type { Past } from "../history.ts";
import type { LogLine, TroubledContainer } from "../pods.ts";
import { quoteEach } from "../quotes.ts";
import type { ContainerAt } from "../workload.ts";
import type { fix } from "./entry.ts";

/** All about one container whose program ends with an error. */
export interface CrashCase {
  input: DiagnosisInput;
  container: TroubledContainer;
  now: KubeObject;
  found: ContainerAt;
  past: Past | undefined;
  /** Fields below the container that differ from the good state. */
  changed: FieldChange[];
  log: LogLine[];
  statement: Parameters<typeof fix>[0];
}

export const ERROR = /error|fatal|panic|fail|invalid|cannot|unable|exception|refused|denied/i;

/** The line that says most about the end: the last error, else the last complaint, else the last line. */
export function lastWords(log: readonly LogLine[]): LogLine | undefined {
  const last = (pattern: RegExp) => log.findLast(({ text }) => pattern.test(text.slice(0, 1000)));
  return last(ERROR) ?? last(/unknown|required|not set|missing/i) ?? log.at(-1);
}

/** The same statement, quoting the very line that decides. */
export function withLine<T extends { quotes: CrashCase["statement"]["quotes"] }>({ input, container, statement }: CrashCase, line: LogLine, changes: T): T {
  const quotes = quoteEach(input.evidence, [[line.quoted, line.text]], { container: container.name, pods: container.pods });
  return { ...changes, quotes: [...quotes, ...statement.quotes.filter(({ quote }) => !quotes.some((other) => other.quote === quote))] };
}
