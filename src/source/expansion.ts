// References between the variables of a container, `$(NAME)`, as Kubernetes expands them: a variable sees those that stand before it in the list, and no others.
// https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
import { type Json, textAt } from "../cluster/objects.ts";

/** `$(NAME)` in a value; `$$(NAME)` is an escaped one. */
export const REFERENCE = /(?<!\$)\$\(([A-Za-z_][\w.-]{0,252})\)/g;

export interface Expansion {
  before: string;
  after: string;
}

/**
 * A value with each of its references written out that Kubernetes leaves as it is, because what it refers to is defined only later in the list; undefined where
 * there is none, or where one is not plain text.
 */
export function expansionOf(name: string, env: readonly Json[]): Expansion | undefined {
  const at = env.findIndex((item) => textAt(item, "name") === name);
  const before = textAt(env[at], "value");
  const isDefinedBefore = (other: string) => env.slice(0, at).some((item) => textAt(item, "name") === other);
  let isPlain = true;
  const after = before.replaceAll(REFERENCE, (reference, other: string) => {
    if (isDefinedBefore(other)) return reference;
    const value = textAt(
      env.slice(at + 1).find((item) => textAt(item, "name") === other),
      "value",
    );
    isPlain &&= value !== "" && !value.includes("$(");
    return value;
  });
  return isPlain && after !== before ? { before, after } : undefined;
}
