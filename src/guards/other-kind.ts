// A reference to a Secret that is not there becomes one to the ConfigMap of the very same name.
import { type ObjectRef, textAt } from "../cluster/objects.ts";
import { type FieldChange, getIn, sameJson } from "../source/edit/field-path.ts";
import { mapInstead, OTHER_KIND, referenceInstead } from "../source/meant/other-kind.ts";
import type { GateInput } from "./gate.ts";
import { findTarget } from "./target-match.ts";

/** Whether a difference is a part of exactly that: of the reference that goes, or of the one that comes in its place. */
export function isOtherKind(
  { proposal, rendered, target, evidence }: Pick<GateInput, "proposal" | "rendered" | "target" | "evidence">,
  object: ObjectRef,
  change: FieldChange,
): boolean {
  if (proposal.failureClass !== "secret-missing") return false;
  const { path, before, after } = change;
  const workload = findTarget(rendered, object);
  return Object.entries(OTHER_KIND).some(([secret, other]) => {
    const at = path.findLastIndex((step) => step === secret || step === other);
    const place = path.slice(0, at);
    const reference = at < 0 || !workload ? undefined : getIn(workload, [...place, secret]);
    const name = textAt(reference ?? null, "name") || textAt(reference ?? null, "secretName");
    const map = mapInstead(rendered, object.namespace || target.namespace, name);
    const isMissing = evidence.items.some(({ kind, text }) => kind !== "log" && text.includes(`secret "${name}" not found`));
    const wanted = map && reference !== undefined ? referenceInstead(map, reference) : undefined;
    if (wanted === undefined || !isMissing) return false;
    const rest = path.slice(at + 1);
    if (path[at] === secret) return after === undefined && sameJson(getIn(reference ?? null, rest) ?? null, before ?? null);
    return before === undefined && sameJson(getIn(wanted, rest) ?? null, after ?? null);
  });
}
