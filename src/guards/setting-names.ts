import { listAt, objectAt, textAt } from "../cluster/objects.ts";
import type { Grounds } from "./grounds.ts";
import { containersOf } from "./pod-template.ts";
import { findTarget, isAffixed } from "./target-match.ts";

/**
 * How a program may call a variable, or a key of a ConfigMap, when it complains: by itself, in small letters where it reads its settings without regard to case
 * (pydantic), and by the variables through which the failing workload reads the key.
 */
export function settingNames({ input, object }: Grounds, name: string): string[] {
  const target = object.kind === "ConfigMap" ? findTarget(input.rendered, input.target) : undefined;
  const readers = target ? containersOf(target).flatMap(({ container }) => [...listAt(container, "env"), ...listAt(container, "envFrom")]) : [];
  const variables = readers.flatMap((one) => {
    const key = objectAt(one, "valueFrom", "configMapKeyRef");
    if (textAt(key, "key") === name && isAffixed(textAt(key, "name"), object.name)) return [textAt(one, "name")];
    const prefix = textAt(one, "prefix");
    return prefix !== "" && isAffixed(textAt(one, "configMapRef", "name"), object.name) ? [`${prefix}${name}`] : [];
  });
  const all = [name, ...variables];
  return [...all, ...all.filter((one) => /^[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(one)).map((one) => one.toLowerCase())];
}
