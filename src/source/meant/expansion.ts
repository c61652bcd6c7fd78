// References between the variables of a container, `$(NAME)`, as Kubernetes expands them: a variable sees those that stand before it in the list, and no others.
// https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
import { type Json, textAt } from "../../cluster/objects.ts";

/** `$(NAME)` in a value; `$$(NAME)` is an escaped one. */
const REFERENCE = /(?<!\$)\$\(([A-Za-z_][\w.-]{0,252})\)/g;

export interface Expansion {
  before: string;
  after: string;
}

/** Names that the variable at this place refers to and that do not stand before it: Kubernetes leaves the references as they are. */
export function openReferences(env: readonly Json[], at: number): string[] {
  const names = [...textAt(env[at], "value").matchAll(REFERENCE)].map(([, name = ""]) => name);
  return names.filter((name) => !env.slice(0, at).some((earlier) => textAt(earlier, "name") === name));
}

/**
 * A value with each of its references written out that Kubernetes leaves as it is, because what it refers to is defined only later in the list; undefined where
 * there is none, or where one is not plain text.
 */
export function expansionOf(name: string, env: readonly Json[]): Expansion | undefined {
  const at = env.findIndex((item) => textAt(item, "name") === name);
  const open = openReferences(env, at);
  const values = new Map(
    env
      .slice(at + 1)
      .toReversed()
      .map((item) => [textAt(item, "name"), textAt(item, "value")]),
  );
  const isPlain = (value = "") => value !== "" && !value.includes("$(");
  if (open.length === 0 || !open.every((other) => isPlain(values.get(other)))) return undefined;
  const before = textAt(env[at], "value");
  return { before, after: before.replaceAll(REFERENCE, (reference, other: string) => (open.includes(other) ? (values.get(other) ?? reference) : reference)) };
}
