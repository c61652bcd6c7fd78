import type { KubeObject } from "../../cluster/objects.ts";

/** Something bad about an object. A fix may not bring a new one, nor raise the level of one that was there. */
export interface Fact {
  rule: string;
  /** Which part of the object: a container, a volume, a port; "" for the object. */
  where: string;
  message: string;
  /** Greater is worse; 1 where a rule only holds or not. */
  level: number;
}

/** A rule book: reads one object among all rendered ones. */
export type Rules = (object: KubeObject, all: readonly KubeObject[]) => Fact[];

export function fact(rule: string, where: string, message: string, level = 1): Fact {
  return { rule, where, message, level };
}

/** Facts of `after` that are new or worse than in `before`. */
export function worseFacts(
  before: { object: KubeObject | undefined; all: readonly KubeObject[] },
  after: { object: KubeObject; all: readonly KubeObject[] },
  books: readonly Rules[],
): Fact[] {
  const facts = (object: KubeObject, all: readonly KubeObject[]) => books.flatMap((rules) => rules(object, all));
  const old = new Map((before.object ? facts(before.object, before.all) : []).map(({ rule, where, level }) => [`${rule} ${where}`, level]));
  return facts(after.object, after.all).flatMap((one) => {
    const was = old.get(`${one.rule} ${one.where}`);
    return was !== undefined && one.level <= was ? [] : [one];
  });
}
