// Fields of which the API takes one: where a patch adds another one beside the one of its base, both are there.
import { isObject, type KubeObject } from "../cluster/objects.ts";
import type { Complaint } from "../cluster/refused-values.ts";
import { type FieldChange, type FieldPath, getIn } from "./field-path.ts";
import { pathIn } from "./named-place.ts";
import type { OfferedDocument } from "./workspace.ts";

/**
 * What was there before, where something else of its kind came beside it from another document: it goes, as the newer one was wanted. Empty where the complaint
 * is about no such fields, where nothing tells which is the newer one, or where one document says both.
 */
export function rivalsGone({ past, now, documents }: Written, complaint: Complaint): FieldChange[] {
  const found = rivalsIn(now, complaint);
  const [before, value] = [found && getIn(past, found.parent), found && getIn(now, found.parent)];
  if (!found || !isObject(before) || !isObject(value)) return [];
  const there = Object.keys(value).filter((key) => found.isRival(key));
  const [old, came] = [there.filter((key) => Object.hasOwn(before, key)), there.filter((key) => !Object.hasOwn(before, key))];
  const isOfOne = documents.some((document) => there.every((key) => getIn(document.value, [...found.parent, key]) !== undefined));
  if (old.length === 0 || came.length !== 1 || isOfOne) return [];
  return old.map((key) => ({ path: [...found.parent, key], before: value[key], after: undefined }));
}

/** An object at the last good revision and today, and the documents and patches that it is made of. */
export interface Written {
  past: KubeObject | undefined;
  now: KubeObject;
  documents: readonly Pick<OfferedDocument, "value">[];
}

interface Rivals {
  parent: FieldPath;
  isRival: (key: string) => boolean;
}

/** Where fields of one kind stand that exclude each other. */
function rivalsIn(object: KubeObject, { field, detail }: Complaint): Rivals | undefined {
  const owner = field.slice(0, field.lastIndexOf("."));
  const at = (place: string, isRival: Rivals["isRival"]) => {
    const parent = pathIn(object, place);
    return parent && { parent, isRival };
  };
  if (/^Forbidden: may not specify more than 1 handler type/.test(detail)) return at(owner, (key) => HANDLERS.includes(key));
  if (/^Forbidden: may not specify more than 1 volume type/.test(detail)) return at(owner, (key) => key !== "name");
  if (/may not be specified when `value` is not empty/.test(detail)) return at(owner, (key) => key === "value" || key === "valueFrom");
  if (/^Invalid value: "": may not have more than one field specified at a time/.test(detail)) return at(field, () => true);
  if (/cannot set both port name & port number/.test(detail)) return at(`${field}.service.port`, (key) => key === "name" || key === "number");
  if (/minAvailable and maxUnavailable cannot be both set/.test(detail)) return at(field, (key) => key === "minAvailable" || key === "maxUnavailable");
  return undefined;
}

/** Kubernetes API, Probe and LifecycleHandler. */
const HANDLERS: readonly string[] = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
