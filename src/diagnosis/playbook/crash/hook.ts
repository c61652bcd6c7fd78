import { isObject } from "../../../cluster/objects.ts";
import { type FieldChange, sameJson } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { quoteEach } from "../../quotes.ts";
import { escalate, place, restoring } from "../entry.ts";
import { hookMisplaced } from "../files/volume-misplaced.ts";
import { type CrashCase, complaints } from "./crash-case.ts";

/** A container whose hook fails is killed for it, whatever its program logs (Container.lifecycle). The hook goes back to what worked, or away if it is new. */
export function hookFailed(crashCase: CrashCase): Finding | undefined {
  const { container, changed, past, statement, input } = crashCase;
  const event = container.events.find(({ reason }) => reason === "FailedPostStartHook");
  if (!event) return undefined;
  const rootCause = `${place(statement.object, statement.container)} is killed because its postStart hook fails.`;
  const quotes = quoteEach(input.evidence, [[event.note]], { pods: container.pods });
  const said = { ...statement, rootCause, quotes: quotes.length > 0 ? quotes : statement.quotes };
  const hooks = changed.filter(({ path }) => path.includes("lifecycle")).flatMap(ofPostStart);
  const misplaced = hookMisplaced(crashCase, said);
  if (misplaced) return misplaced;
  if (past && hooks.length > 0) return restoring(said, past, hooks);
  // The hook of a program that ends is cut off with it: what the program says comes first.
  if (past && complaints(crashCase).length > 0) return undefined;
  return escalate(said, "the hook did not change", "Look into what the hook does, and whether the image has what it calls.");
}

/** Of hooks that came or went together, the one that fails; a change of the other alone is none of it. */
function ofPostStart(change: FieldChange): FieldChange[] {
  const { path, before, after } = change;
  const at = path.indexOf("lifecycle");
  if (path.length > at + 1) return path[at + 1] === "postStart" ? [change] : [];
  const [then, now] = [before, after].map((hooks) => (isObject(hooks) ? hooks.postStart : undefined));
  const isAlone = [before, after].every((hooks) => !isObject(hooks) || Object.keys(hooks).every((hook) => hook === "postStart"));
  return isAlone ? [change] : sameJson(then ?? null, now ?? null) ? [] : [{ path: [...path, "postStart"], before: then, after: now }];
}
