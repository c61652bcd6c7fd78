import { configMapKeys } from "../../../cluster/config-map.ts";
import { type KubeObject, type ObjectRef, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { secretKeys, secretMakers, secretNameOf } from "../../../source/meant/renamed-secret.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { isConfigMap } from "../../history.ts";
import { onlyAlike } from "../../near-match.ts";
import { CONFIDENCE, fix, type Statement } from "../entry.ts";
import { type Reference, referencesOf } from "./references.ts";

/**
 * What is asked for is not there, and another workload of the delivery reads the very variables, by the same keys, from the one thing that has a name alike and is made
 * by this delivery: a new workload that calls it otherwise. A name and a key alone prove nothing, since many a Secret of one program has a `password`.
 */
export function readElsewhere(
  input: DiagnosisInput,
  statement: Statement,
  { kind, name }: Pick<Reference, "kind" | "name">,
  now: KubeObject,
  references: readonly Reference[],
): Finding | undefined {
  const made = makersOf(input, kind, statement.object);
  const others = input.rendered.filter((object) => object !== now).flatMap(referencesOf);
  const sources = references.map((reference) => {
    const alike = others.filter((other) => other.kind === kind && other.key === reference.key && isSameVariable(other, reference));
    return new Set(alike.map((other) => other.name).filter((other) => made.get(other)?.includes(reference.key ?? "")));
  });
  const [meant, ...more] = new Set(sources.flatMap((names) => [...names]));
  if (meant === undefined || more.length > 0 || !sources.every((names) => names.has(meant)) || onlyAlike(name, [meant]) === undefined) return undefined;
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    references.map(({ namePath }) => ({ object: statement.object, path: namePath, before: name, after: meant })),
    [`Refer to ${kind} ${meant} instead of ${name}: this delivery makes it, and another workload reads the same variables from it`],
  );
}

/** What the delivery makes of a kind, with the keys that manifests write out. */
function makersOf({ rendered }: DiagnosisInput, kind: Reference["kind"], { namespace }: ObjectRef): Map<string, string[]> {
  if (kind === "Secret") return new Map(secretMakers(rendered, namespace).map((maker) => [secretNameOf(maker), secretKeys(maker)]));
  return new Map(rendered.filter((object) => isConfigMap(object, namespace)).map((map) => [textAt(map, "metadata", "name"), configMapKeys(map)]));
}

function isSameVariable(one: Reference, other: Reference): boolean {
  const [a, b] = [variableOf(one.namePath), variableOf(other.namePath)];
  return a !== undefined && a === b;
}

function variableOf(path: FieldPath): string | undefined {
  const item = path.find((segment, i) => typeof segment === "object" && path[i - 1] === "env");
  return typeof item === "object" ? item.value : undefined;
}
