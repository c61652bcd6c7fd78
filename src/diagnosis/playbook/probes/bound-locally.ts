import { objectAt, textAt } from "../../../cluster/objects.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { LogLine } from "../../pods.ts";
import type { ContainerAt } from "../../workload.ts";
import type { ProbeField } from "./probe-blame.ts";
import { handlerOf, textOf } from "./probe-port.ts";

/** Addresses at which only the pod itself is answered. */
const LOOPBACK = /127\.0\.0\.1|\blocalhost\b|\[::1\]|(?<![\w:])::1(?![\w:])/;
/** How programs are told to answer everybody; nothing at all stands before a port alone. */
const EVERYBODY: readonly string[] = ["0.0.0.0", "[::]", "::", "*", "+", ""];
const LISTENS = /listen|running (?:on|at)|serving|started (?:on|at)|bound to|binding|ready (?:on|at)/i;

/**
 * The one setting with which a program was told to answer only itself, as it says that it does: nobody outside of the pod reaches it any more, and the kubelet is
 * refused. Where the setting went, it was what told the program to answer everybody.
 */
export function boundLocally(
  found: ContainerAt,
  field: ProbeField,
  { told, log, note }: { told: readonly ObjectChange[]; log: readonly LogLine[]; note: string },
): ObjectChange | undefined {
  const probe = objectAt(found.value, field);
  const handler = handlerOf(probe);
  const port = /:(\d{2,5}): connect: connection refused/.exec(note.slice(0, 2000))?.[1];
  if (!handler || textAt(probe, handler, "host") !== "" || port === undefined) return undefined;
  const said = log.filter(({ text }) => LISTENS.test(text.slice(0, 500)) && new RegExp(`:${port}(?!\\d)`).test(text.slice(0, 500)));
  if (said.length === 0 || !said.every(({ text }) => LOOPBACK.test(text.slice(0, 500)))) return undefined;
  const [only, ...more] = told.filter(({ before, after }) => isNarrowed(textOf(before), textOf(after)));
  return more.length === 0 ? only : undefined;
}

function isNarrowed(before: string | undefined, after: string | undefined): boolean {
  if (after === undefined) return before !== undefined && before !== "" && EVERYBODY.includes(before.replace(/:\d{2,5}$/, ""));
  if (!LOOPBACK.test(after)) return false;
  return before === undefined || EVERYBODY.some((everybody) => after.replace(LOOPBACK, everybody) === before);
}
