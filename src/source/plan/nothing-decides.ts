import type { ObjectRef } from "../../cluster/objects.ts";
import type { EditRefusalCode } from "../edit/edit-refused.ts";
import type { FieldPath } from "../edit/field-path.ts";
import { refused } from "../refusal.ts";
import type { RenderedChart, SourceRefusal } from "../workspace.ts";
import { describeField } from "./differences.ts";
import { templateFileOf } from "./template-file.ts";

/** A place that may decide a field, and why the editor would not touch it. */
export interface NotEditable {
  place: string;
  code: EditRefusalCode;
  message: string;
}

/** Why no place in git decides a field (or none that can be edited), as exactly as it is known. */
export function nothingDecides(
  { chart }: { chart?: RenderedChart },
  { object, path }: { object: ObjectRef; path: FieldPath },
  tried: readonly string[],
  notEditable: readonly NotEditable[],
): SourceRefusal {
  const field = describeField(object, path);
  const anchored = notEditable.filter(({ code }) => code === "anchor");
  if (anchored.length > 0) {
    const message = `${field} is decided by a value that a YAML anchor, an alias or a merge key shares with other fields: an edit would change them too. Write the value out where it is used, or change it by hand`;
    return refused("shared-anchor", message, placesOf(anchored));
  }
  if (notEditable.length > 0) {
    return refused(
      "place-not-editable",
      `${field} is decided where it cannot be edited safely (${notEditable[0]?.message}): change it by hand`,
      placesOf(notEditable),
    );
  }
  return (
    (chart && inTemplate(chart, object, field, tried)) ??
    refused("no-place", `No single place in git changes ${field} in the wanted way: change it by hand`, tried)
  );
}

function placesOf(notEditable: readonly NotEditable[]): string[] {
  return notEditable.map(({ place, message }) => `${place}: ${message}`);
}

/** No value decides it, so its template does. */
function inTemplate(chart: RenderedChart, object: ObjectRef, field: string, tried: readonly string[]): SourceRefusal | undefined {
  const template = templateFileOf(chart, object);
  if (!template) return undefined;
  const { file, isForeign } = template;
  if (isForeign) {
    const message = `${field} is written out in ${file}, a template of a chart that came from elsewhere, and no value changes it: patch the chart where it comes from, or change how it is delivered`;
    return refused("chart-without-value", message, [file, ...tried]);
  }
  const message = `${field} is written out in the template ${file}, which is YAML only when it is rendered: make it a value of the chart, or change it there by hand`;
  return refused("templated", message, [file, ...tried]);
}
