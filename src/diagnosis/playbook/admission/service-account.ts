import { type KubeObject, textAt } from "../../../cluster/objects.ts";
import { thenAndNow } from "../../../source/delivery/manifests-beside.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { calledNow, renamedAccount } from "../../../source/meant/renamed.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { kindred, nearMatch, onlyAlike } from "../../near-match.ts";
import { podSpecOf, podSpecPath } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, place, restoring } from "../entry.ts";
import { meantNewcomer } from "../references/meant-newcomer.ts";
import { nearRendered } from "../references/near-rendered.ts";
import type { CreateRefusal } from "./create-refused.ts";

/** A ServiceAccount that does not exist: back to the one that does, or to its only near match. */
export function serviceAccount({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const name =
    /error looking up service account (?:[\w.-]{1,63}\/)?([\w.-]{1,253}): serviceaccount/i.exec(message)?.[1] ??
    /serviceaccount "([\w.-]{1,253})" not found/i.exec(message)?.[1];
  if (!name) return undefined;
  const object = input.incident.target;
  const path: FieldPath = [...(podSpecPath(now.kind) ?? []), "serviceAccountName"];
  const statement = {
    failureClass: "service-account-missing" as const,
    rootCause: `${place(object)} runs as ServiceAccount ${name}, which does not exist.`,
    object,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const accountsAmong = (objects: readonly KubeObject[]) =>
    objects
      .filter((other) => other.kind === "ServiceAccount" && textAt(other, "metadata", "namespace") === object.namespace)
      .map((other) => textAt(other, "metadata", "name"));
  const own = accountsAmong(input.rendered);
  if (own.includes(name)) {
    const advice = `Let ServiceAccount ${name} come before: in an earlier sync wave or hook phase than what runs as it, or apply it once by hand.`;
    return escalate(statement, "this delivery makes that account, and what runs as it came first", advice);
  }
  const known = [...own, ...accountsAmong(input.observation.surroundings)];
  const free = unused(input.rendered, own);
  const past = pastOf(input, object);
  const changed = changedBelow(past, now, path).filter(({ before }) => before === undefined || (typeof before === "string" && known.includes(before)));
  const before = changed[0]?.before;
  const newcomer =
    changed.length > 0
      ? meantNewcomer(input, { kind: "ServiceAccount", namespace: object.namespace, name }, typeof before === "string" ? before : undefined)
      : undefined;
  // Who asks for an account of its own for the first time means the one of the delivery that is there for it.
  const wanted = newcomer === undefined && before === undefined ? (kindred(name, free) ?? onlyAlike(name, free)) : undefined;
  if (past && changed.length > 0 && newcomer === undefined && wanted === undefined) return restoring(statement, past, changed);
  const followed = newcomer ?? calledNow(renamedAccount(...thenAndNow(input.lastGood?.objects, input), object.namespace, name), name);
  const meant =
    followed ??
    nearMatch(name, known) ??
    nearRendered(input, name, own) ??
    kindred(name, own) ??
    onlyAlike(name, own) ??
    nearRendered(input, name, own, onlyAlike) ??
    onlyAlike(name, free);
  if (meant === undefined) return escalate(statement, "the bot creates no accounts", `Create ServiceAccount ${name}, or name one that exists.`);
  return fix(
    { ...statement, confidence: followed === undefined ? CONFIDENCE.suggested : CONFIDENCE.likely },
    [{ object, path, before: name, after: meant }],
    [`Run as ServiceAccount ${meant}, ${followed === undefined ? "the only one with a name like it" : `the only one that came when ${name} went`}`],
  );
}

/** The accounts as which no workload of the delivery runs: of several that came for one, the one that is left. */
function unused(rendered: readonly KubeObject[], accounts: readonly string[]): string[] {
  const used = new Set(rendered.flatMap((object) => textAt(podSpecOf(object), "serviceAccountName")));
  return accounts.filter((account) => !used.has(account));
}
