// Fields of which the API takes one: where a patch adds another one beside the one of its base, both are there.
import { isObject, type KubeObject } from "../../cluster/objects.ts";
import type { Complaint } from "../../cluster/refused-values.ts";
import { type FieldChange, type FieldPath, getIn } from "../edit/field-path.ts";
import type { OfferedDocument } from "../workspace.ts";
import { pathIn } from "./named-place.ts";

/**
 * What was there before, where something else of its kind came beside it from another document: it goes, as the newer one was wanted. Of what never was otherwise,
 * a patch wants what it adds to its base. Empty where the complaint is about no such fields, where nothing tells which one is wanted, or where one document says both.
 */
export function rivalsGone({ past, now, documents }: Written, complaint: Complaint): FieldChange[] {
  const found = rivalsIn(now, complaint);
  const [before, value] = [found && getIn(past, found.parent), found && getIn(now, found.parent)];
  if (!found || !isObject(value) || (past && !isObject(before))) return [];
  const there = Object.keys(value).filter((key) => found.isRival(key));
  const says = ({ value: document }: Document, key: string) => getIn(document, [...found.parent, key]) !== undefined;
  const isPatched = (key: string) => documents.some((one) => one.role === "patch" && says(one, key));
  const isWanted = (key: string) => (isObject(before) ? !Object.hasOwn(before, key) : isPatched(key));
  const [wanted, rest] = [there.filter(isWanted), there.filter((key) => !isWanted(key))];
  const isOfOne = documents.some((one) => there.every((key) => says(one, key)));
  if (rest.length === 0 || wanted.length !== 1 || isOfOne) return [];
  return rest.map((key) => ({ path: [...found.parent, key], before: value[key], after: undefined }));
}

type Document = Pick<OfferedDocument, "value" | "role">;

/** An object at the last good revision and today, and the documents and patches that it is made of. */
export interface Written {
  past: KubeObject | undefined;
  now: KubeObject;
  documents: readonly Document[];
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
