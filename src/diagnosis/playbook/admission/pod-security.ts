import { at, type Json, type KubeObject, objectAt } from "../../../cluster/objects.ts";
import { type FieldChange, type FieldPath, formatPath, getIn, sameJson } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow, type Past, pastOf } from "../../history.ts";
import { type ContainerAt, containersOf, podSpecPath } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, place, restoring, type Statement, shown } from "../entry.ts";
import type { CreateRefusal } from "./create-refused.ts";
import { hostPortsIn, withoutHostPorts } from "./host-ports.ts";
import { containersNamed, demandsOf } from "./pod-security-demands.ts";
import { type Refused, type Tightened, tightened } from "./tightened.ts";

const HOST_FIELDS = ["hostNetwork", "hostPID", "hostIPC"];

/**
 * Security settings that the namespace's Pod Security level refuses: back to what was allowed where that is tighter; what never ran without them (a new
 * container, or one of which no good revision is known) gets just what the refusal demands. In this namespace it could run in no other way.
 */
export function podSecurity({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const match = /violates PodSecurity "([\w.:-]{1,60})": ([^\n]{1,2500})/.exec(message);
  if (!match?.[2]) return undefined;
  const object = input.incident.target;
  const past = pastOf(input, object);
  const names = containersNamed(match[2]);
  const named = containersOf(now).filter(({ name }) => names.includes(name) || message.includes(`container "${name}"`));
  const only = named.length === 1 ? named[0]?.name : undefined;
  const statement = {
    failureClass: "pod-security" as const,
    rootCause: `The namespace's Pod Security level "${match[1]}" refuses ${place(object, only)}: ${shown(match[2])}.`,
    object,
    container: only,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const changed = changedSecurity(past, now, named, message);
  const kept = changed.map((change) => keepingAllowed(change, match[2] ?? ""));
  const isNarrow = kept.some((change, i) => change !== changed[i]);
  const goesBack = past && changed.length > 0 && changed.every(isLooser);
  const back = !goesBack ? undefined : isNarrow ? narrowed(statement, kept) : restoring(statement, past, changed);
  // The path of the pod itself is the empty one.
  const isNew = (path: FieldPath) => !past || (path.length > 0 && getIn(past.object, path) === undefined);
  if (back && !named.some(({ path }) => isNew(path))) return back;
  const tighter = allTightened({ object, now, back: back ? changed : [], isNew }, match[2]);
  if (tighter) return together({ ...statement, confidence: CONFIDENCE.suggested }, tighter, back);
  return escalate(
    { ...statement, confidence: CONFIDENCE.likely },
    "tightening it further may break the program",
    "Set what the message names, and test it; or run this workload in a namespace that allows it.",
  );
}

/** Of capabilities that came with the commit only those go that the level refuses: what it lets pass is wanted. */
function keepingAllowed(change: FieldChange, refusal: string): FieldChange {
  const { path, before, after } = change;
  if (path.at(-1) === "capabilities" && before === undefined && at(after ?? null, "drop") !== undefined)
    return keepingAllowed({ path: [...path, "add"], before: undefined, after: at(after ?? null, "add") }, refusal);
  if (path.at(-1) !== "add" || !Array.isArray(after)) return change;
  const refused = demandsOf(refusal)?.filter((demand) => demand.path.at(-1) === "add") ?? [];
  const allowed = refused.reduce<Json | undefined>((left, demand) => demand.tightened(left), after);
  return refused.length === 0 || allowed === undefined || sameJson(allowed, before) ? change : { ...change, before: allowed };
}

function narrowed(statement: Statement, changes: readonly FieldChange[]): Finding {
  const words = changes.map(
    ({ path, before }) =>
      `Leave ${before === undefined ? "no " : ""}${formatPath(path.slice(-2))}${before === undefined ? "" : ` with ${shown(before)}`}, which the namespace allows`,
  );
  return fix(
    statement,
    changes.map(({ path, before, after }) => ({ object: statement.object, path, before: after, after: before })),
    words,
  );
}

/** Ports on the node, and what the contexts lack: an answer to one of them alone helps nobody. */
function allTightened(refused: Refused, refusal: string): Tightened | undefined {
  const host = hostPortsIn(refusal);
  if (!host) return tightened(refused, refusal);
  const closed = withoutHostPorts(refused, host.said);
  const tighter = host.rest === "" ? { changes: [], words: [] } : tightened(refused, host.rest);
  return closed && tighter && { changes: [...closed.changes, ...tighter.changes], words: [...closed.words, ...tighter.words] };
}

/** What an older container had goes back, and the new one is tightened: together they are one answer to one refusal. */
function together(statement: Statement, { changes, words }: Tightened, back: Finding | undefined): Finding {
  const restored = back?.action.kind === "fix" ? back.action : undefined;
  return fix(statement, [...(restored?.changes ?? []), ...changes], [...(restored?.words ?? []), ...words]);
}

/** What of the pod's and these containers' security the commit changed, of the fields that the message names. */
function changedSecurity(past: Past | undefined, now: KubeObject, named: readonly ContainerAt[], message: string): FieldChange[] {
  const spec = podSpecPath(now.kind) ?? [];
  const paths: FieldPath[] = [
    ...named.map(({ path }) => [...path, "securityContext"]),
    [...spec, "securityContext"],
    ...HOST_FIELDS.map((field) => [...spec, field]),
  ];
  return paths
    .flatMap((path) => changedBelow(past, now, path))
    .flatMap(perField)
    .filter(({ path }) => message.toLowerCase().includes(String(path.findLast((step) => typeof step === "string")).toLowerCase()));
}

/** A whole securityContext that appeared is looked at field by field, unless it holds nothing else. */
function perField(difference: FieldChange): FieldChange[] {
  if (difference.path.at(-1) !== "securityContext" || difference.after === undefined) return [difference];
  const fields = Object.entries(objectAt({ value: difference.after }, "value"));
  if (fields.length <= 1)
    return fields.map(([key]) => ({
      ...difference,
      path: [...difference.path, key],
      before: undefined,
      after: objectAt({ value: difference.after ?? null }, "value")[key],
    }));
  return fields.map(([key, value]) => ({ path: [...difference.path, key], before: undefined, after: value }));
}

function isLooser({ path, before, after }: FieldChange): boolean {
  const field = path.at(-1);
  if (field === "runAsNonRoot" || field === "readOnlyRootFilesystem") return after !== true;
  return after === true || typeof after !== "boolean" || before === false;
}
