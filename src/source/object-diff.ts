import { stringify } from "yaml";
import { type KubeObject, refOf, sameRef } from "../cluster/objects.ts";
import { sameJson } from "./edit/field-path.ts";
import { unifiedDiff } from "./edit/patch.ts";

/** Unified diff of rendered objects as YAML, one "file" an object, `Deployment/checkout`; "" where none differs. Secrets are named, and not shown. */
export function objectsDiff(before: readonly KubeObject[], after: readonly KubeObject[]): string {
  const refs = [...before, ...after].map(refOf).filter((ref, i, all) => all.findIndex((other) => sameRef(ref, other)) === i);
  const changes = refs.flatMap((ref) => {
    const [was, is] = [before, after].map((objects) => objects.find((object) => sameRef(refOf(object), ref)));
    if (sameJson(was, is)) return [];
    return [{ path: `${ref.kind}/${ref.name}`, before: was && textOf(was), after: is ? textOf(is) : "" }];
  });
  return unifiedDiff(changes);
}

function textOf(object: KubeObject): string {
  return object.kind === "Secret" ? "(a Secret is not shown)\n" : stringify(object);
}
