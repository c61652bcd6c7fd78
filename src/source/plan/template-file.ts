import type { ObjectRef } from "../../cluster/objects.ts";
import type { RenderedChart } from "../workspace.ts";

/** The template that makes an object, in the repository, and whether it belongs to a chart that came from elsewhere; undefined where it is not known. */
export function templateFileOf({ folder, templates, vendored }: RenderedChart, { kind, name }: ObjectRef): { file: string; isForeign: boolean } | undefined {
  const template = templates.get(`${kind}/${name}`);
  if (template === undefined) return undefined;
  const file = `${folder === "" ? "" : `${folder}/`}${template.slice(template.indexOf("/") + 1)}`;
  return { file, isForeign: template.split("/")[1] === "charts" && vendored.length > 0 };
}
