import { type KubeObject, textAt } from "../../../cluster/objects.ts";
import { getIn } from "../../../source/edit/field-path.ts";
import { mapInstead, OTHER_KIND, referenceInstead } from "../../../source/meant/other-kind.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { CONFIDENCE, fix, type Statement } from "../entry.ts";
import type { Reference } from "./references.ts";

/** A Secret that is not there, where the delivery has a ConfigMap of that very name with what is asked for: the references are of the wrong kind. */
export function mapMeant(
  input: DiagnosisInput,
  statement: Statement,
  { name, now, references }: { name: string; now: KubeObject; references: readonly Reference[] },
): Finding | undefined {
  const map = mapInstead(input.rendered, statement.object.namespace, name);
  const changes = references.flatMap(({ namePath }): ObjectChange[] => {
    const path = namePath.slice(0, -1);
    const field = String(path.at(-1));
    const [before, other] = [getIn(now, path), OTHER_KIND[field]];
    const after = map && before !== undefined ? referenceInstead(map, before) : undefined;
    if (before === undefined || after === undefined || other === undefined) return [];
    return [
      { object: statement.object, path: [...path.slice(0, -1), other], before: undefined, after },
      { object: statement.object, path, before, after: undefined },
    ];
  });
  if (!map || changes.length !== references.length * 2 || references.length === 0) return undefined;
  const rootCause = `${statement.rootCause.replace(/, which does not exist\.$/, "")}: ${textAt(map, "metadata", "name")} is a ConfigMap.`;
  return fix({ ...statement, rootCause, confidence: CONFIDENCE.suggested }, changes, [`Refer to ConfigMap ${name}: there is no Secret of that name`]);
}
