// A Secret that a commit renamed: told by what the delivery renders to make it (a Secret, a SealedSecret, an ExternalSecret), by names, type and names of keys.
// What is in it is never looked at.
import { type Json, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";
import { withoutHash } from "../plan/differences.ts";
import { followedKey } from "./followed-key.ts";

/** Kinds that make a Secret, itself among them. */
export const MAKES_SECRETS: ReadonlySet<string> = new Set(["Secret", "SealedSecret", "ExternalSecret"]);

/** What the Secret is called that an object makes (ExternalSecret.spec.target.name, else its own name). */
export function secretNameOf(maker: KubeObject): string {
  return textAt(maker, "spec", "target", "name") || textAt(maker, "metadata", "name");
}

/** Names of keys, as manifests write them out. */
export function secretKeys(maker: KubeObject): string[] {
  const external = listAt(maker, "spec", "data").map((item) => textAt(item, "secretKey"));
  return [
    ...Object.keys(objectAt(maker, "data")),
    ...Object.keys(objectAt(maker, "stringData")),
    ...Object.keys(objectAt(maker, "spec", "encryptedData")),
    ...external,
  ];
}

/** Whether a Secret may have all these keys, as far as manifests say them: what fetches a whole one does not say what is in it. */
export function mayHaveKeys(maker: KubeObject, asked: readonly string[]): boolean {
  const keys = secretKeys(maker);
  return listAt(maker, "spec", "dataFrom").length > 0 || keys.length === 0 || asked.every((key) => keys.includes(key));
}

/** What makes Secrets in a namespace. */
export function secretMakers(objects: readonly KubeObject[], namespace: string): KubeObject[] {
  return objects.filter(({ kind, metadata }) => MAKES_SECRETS.has(kind) && [namespace, ""].includes(textAt(metadata, "namespace")));
}

export interface RenamedSecret {
  from: string;
  to: string;
  /** The keys that the new one has. */
  keys: readonly string[];
}

/** The only Secret that is no longer made in a namespace, and the only one that came: made in the same way, of the same type, with every key of the old one. */
export function renamedSecret(then: readonly KubeObject[], now: readonly KubeObject[], namespace: string): RenamedSecret | undefined {
  const isAmong = (objects: readonly KubeObject[], maker: KubeObject) =>
    objects.some((other) => withoutHash(secretNameOf(other)) === withoutHash(secretNameOf(maker)));
  const [old, today] = [secretMakers(then, namespace), secretMakers(now, namespace)];
  const [from, ...went] = old.filter((maker) => !isAmong(today, maker));
  const [to, ...came] = today.filter((maker) => !isAmong(old, maker));
  if (!from || !to || went.length + came.length > 0 || from.kind !== to.kind || !sameJson(wayOf(from), wayOf(to))) return undefined;
  const keys = secretKeys(to);
  const kept = secretKeys(from);
  const isKnown = kept.length > 0 || listAt(from, "spec", "dataFrom").length > 0;
  return isKnown && kept.every((key) => keys.includes(key)) ? { from: secretNameOf(from), to: secretNameOf(to), keys } : undefined;
}

/**
 * What a key of a Secret is called now, which the delivery still makes in the same way: the only one that came when it went as the only one, or the one to which
 * all others went that asked for it. What an operator fetches is fetched from the same place.
 */
export function renamedSecretKey(
  then: readonly KubeObject[],
  now: readonly KubeObject[],
  namespace: string,
  at: { name: string; key: string },
): string | undefined {
  const [from, to] = [then, now].map((objects) => secretMakers(objects, namespace).find((maker) => withoutHash(secretNameOf(maker)) === withoutHash(at.name)));
  if (!from || !to || from.kind !== to.kind || !sameJson(wayOf(from), wayOf(to))) return undefined;
  const [old, today] = [secretKeys(from), secretKeys(to)];
  const gone = old.filter((key) => !today.includes(key));
  const come = today.filter((key) => !old.includes(key));
  const followed = followedKey(then, now, at.name, at.key, "secretKeyRef");
  const meant = gone.length === 1 && come.length === 1 ? come[0] : come.find((key) => key === followed);
  return meant !== undefined && gone.includes(at.key) && sameJson(fetchedFor(from, at.key), fetchedFor(to, meant)) ? meant : undefined;
}

/** From where an ExternalSecret has a key. */
function fetchedFor(maker: KubeObject, key: string): Json {
  const item = listAt(maker, "spec", "data").find((one) => textAt(one, "secretKey") === key);
  return objectAt(item ?? null, "remoteRef");
}

/** How it is made, without names and contents: its type, and where an operator fetches it from. */
function wayOf(maker: KubeObject): Json {
  const type = textAt(maker, "type") || textAt(maker, "spec", "template", "type") || textAt(maker, "spec", "target", "template", "type") || "Opaque";
  return { type, store: objectAt(maker, "spec", "secretStoreRef"), all: listAt(maker, "spec", "dataFrom") };
}
