import { at, isObject, type KubeObject, type ObjectRef, refOf, sameRef, textAt } from "../cluster/objects.ts";
import { diffFields, type FieldChange, type FieldPath, formatPath, getIn, type Segment, sameJson, startsWith } from "../source/edit/field-path.ts";
import { otherBeginning } from "../source/image-reference.ts";
import { withoutHash } from "../source/plan/differences.ts";
import type { ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { containersOf } from "./workload.ts";

/**
 * One place in git may decide the same field of several objects (kustomize `images:`, `commonLabels:`, a patch of every Deployment): where
 * a change of one alone is impossible, all that share what is broken change.
 */
export function withTwins(input: DiagnosisInput, changes: readonly ObjectChange[]): ObjectChange[] {
  const all = [...changes];
  const changed = changedObjects(input);
  for (const twin of [
    ...imageTwins(input, changes),
    ...memoryTwins(input, changes),
    ...referenceTwins(input, changes),
    ...labelTwins(changed, changes),
    ...sameChanges(changed, changes),
  ]) {
    if (!all.some((change) => sameRef(change.object, twin.object) && sameJson([...change.path], [...twin.path]))) all.push(twin);
  }
  return all;
}

/** The same image elsewhere, and others of the same registry where that is all that changes: one value may say it for all. */
function imageTwins(input: DiagnosisInput, changes: readonly ObjectChange[]): ObjectChange[] {
  return changes.flatMap(({ path, before, after }) => {
    if (path.at(-1) !== "image" || typeof before !== "string") return [];
    return input.rendered.flatMap((object) =>
      containersOf(object).flatMap((container): ObjectChange[] => {
        const image = textAt(container.value, "image");
        const twin = image === before ? after : inOtherRegistry(image, before, after);
        return twin === undefined && image !== before ? [] : [{ object: refOf(object), path: [...container.path, "image"], before: image, after: twin }];
      }),
    );
  });
}

/** The same limit of memory for the same image elsewhere: one value may say it for all that a program is started as. */
function memoryTwins(input: DiagnosisInput, changes: readonly ObjectChange[]): ObjectChange[] {
  return changes.flatMap(({ object, path, before, after }) => {
    if (path.at(-1) !== "memory" || path.at(-2) !== "limits" || before === undefined) return [];
    const own = input.rendered.filter((one) => sameRef(refOf(one), object)).flatMap(containersOf);
    const images = own.filter((container) => startsWith(path, container.path)).map(({ value }) => textAt(value, "image"));
    return input.rendered.flatMap((one) =>
      containersOf(one).flatMap((container): ObjectChange[] => {
        const isAlike = images.includes(textAt(container.value, "image")) && at(container.value, "resources", "limits", "memory") === before;
        return isAlike ? [{ object: refOf(one), path: [...container.path, "resources", "limits", "memory"], before, after }] : [];
      }),
    );
  });
}

const REFERENCES: ReadonlySet<unknown> = new Set([
  "configMap",
  "configMapRef",
  "configMapKeyRef",
  "secret",
  "secretRef",
  "secretKeyRef",
  "persistentVolumeClaim",
]);

/** The same reference at the same place elsewhere: what it leads to is missing there as well. */
function referenceTwins(input: DiagnosisInput, changes: readonly ObjectChange[]): ObjectChange[] {
  const references = changes.filter(({ path, before }) => REFERENCES.has(path.at(-2)) && typeof before === "string");
  return references.flatMap(({ path, before, after }) =>
    input.rendered.flatMap((one): ObjectChange[] => (getIn(one, path) === before ? [{ object: refOf(one), path, before, after }] : [])),
  );
}

/** An image with the beginning that another one gets, where it has the beginning that the other one had. */
function inOtherRegistry(image: string, before: string, after: ObjectChange["after"]): string | undefined {
  const parts = typeof after === "string" ? otherBeginning(before, after) : undefined;
  const rest = parts && image.startsWith(parts.from) ? image.slice(parts.from.length) : undefined;
  return parts && rest?.startsWith("/") ? `${parts.to}${rest}` : undefined;
}

const LABELS: ReadonlySet<unknown> = new Set(["labels", "matchLabels", "selector"]);

/** The labels of a selector that goes back, wherever else they came or changed with it. */
function labelTwins(objects: readonly Changed[], changes: readonly ObjectChange[]): ObjectChange[] {
  const keys = new Set(changes.filter(({ path }) => path.includes("selector")).map(({ path }) => path.at(-1)));
  if (keys.size === 0) return [];
  return objects.flatMap(({ now, changed }) => changed.filter((change) => isOf(change, keys)).map((change) => backIn(now, change)));
}

/** A label, or all labels of an object that had none. */
function isOf({ path, before, after }: FieldChange, keys: ReadonlySet<unknown>): boolean {
  if (LABELS.has(path.at(-2))) return keys.has(path.at(-1));
  return LABELS.has(path.at(-1)) && before === undefined && isObject(after) && Object.keys(after).every((key) => keys.has(key));
}

/** What the commit changed in the same way in other objects, or in a ConfigMap from which the value is copied (kustomize `replacements:`). */
function sameChanges(objects: readonly Changed[], changes: readonly ObjectChange[]): ObjectChange[] {
  const isSame = ({ kind }: KubeObject, { path, before, after }: FieldChange) =>
    changes.some((one) => {
      const isCopied = kind === "ConfigMap" && path[0] === "data" && typeof after === "string";
      if (isCopied && isWithin(one, { before, after })) return true;
      return (isCopied || shapeOf(one.path) === shapeOf(path)) && sameJson(one.before, after) && sameJson(one.after, before);
    });
  return objects.flatMap(({ now, changed }) => changed.filter((change) => isSame(now, change)).map((change) => backIn(now, change)));
}

/** Whether all that goes back in a text is the part that was copied into it (`delimiter:` and `index:` of a replacement). */
function isWithin(one: ObjectChange, copied: Pick<FieldChange, "before" | "after">): boolean {
  const [text, part, earlier] = [one.before, copied.after, copied.before];
  if (typeof text !== "string" || typeof part !== "string" || typeof earlier !== "string" || part === "") return false;
  return text.split(part).length === 2 && text.replace(part, () => earlier) === one.after;
}

/** An object of today, and what is different in it since the last good revision. */
interface Changed {
  now: KubeObject;
  changed: FieldChange[];
}

function changedObjects({ rendered, lastGood }: DiagnosisInput): Changed[] {
  return rendered.flatMap((now) => {
    const then = lastGood?.objects.find((object) => sameRef(withoutContent(object), withoutContent(now)));
    return then ? [{ now, changed: diffFields(then, now) }] : [];
  });
}

/** What kustomize makes of a ConfigMap's name follows from its content. */
function withoutContent(object: KubeObject): ObjectRef {
  const ref = refOf(object);
  return object.kind === "ConfigMap" ? { ...ref, name: withoutHash(ref.name) } : ref;
}

function backIn(now: KubeObject, { path, before, after }: FieldChange): ObjectChange {
  return { object: refOf(now), path, before: after, after: before };
}

/** A path in which containers have no names, and are all of one list. */
function shapeOf(path: FieldPath): string {
  return formatPath(path.map((step, i) => (isContainers(path[i - 1]) ? "*" : isContainers(step) ? "containers" : step)));
}

function isContainers(step: Segment | undefined): boolean {
  return step === "containers" || step === "initContainers";
}
