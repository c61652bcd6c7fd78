// Values of labels that are none as they are written (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set).
import { isObject, type KubeObject } from "../../cluster/objects.ts";
import type { Complaint } from "../../cluster/refused-values.ts";
import { type FieldChange, getIn } from "../edit/field-path.ts";
import { pathIn } from "./named-place.ts";

const VALID = /^[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;

/** The labels with the value that the API server quotes, in the letters that labels have; empty where that would say something else. */
export function labelsMeant(object: KubeObject, { field, detail }: Complaint): FieldChange[] {
  const quoted = /^Invalid value: "([^"\n]{1,200})": a valid label must/.exec(detail)?.[1];
  const path =
    quoted !== undefined && /(?:^|\.)labels$/.test(field) ? pathIn(object, field.replace(/template\.labels$/, "template.metadata.labels")) : undefined;
  const labels = path && getIn(object, path);
  const after = quoted === undefined ? undefined : asLabel(quoted);
  if (!path || !isObject(labels) || after === undefined) return [];
  return Object.entries(labels).flatMap(([key, value]) => (value === quoted ? [{ path: [...path, key], before: value, after }] : []));
}

/** Words with dashes between them, and a version's build behind `_` as Helm's own charts have it (`helm create`: `replace "+" "_"`). */
function asLabel(value: string): string | undefined {
  const label = value.trim().replaceAll(/ +/g, "-").replaceAll("+", "_");
  return VALID.test(label) ? label : undefined;
}
