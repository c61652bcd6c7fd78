import { groupOf, isObject, type Json, type JsonObject, listAt, textAt } from "../../cluster/objects.ts";
import { type FieldPath, getIn } from "../edit/field-path.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { isInside, nameOf } from "../git/repository-paths.ts";
import { type InputDocument, isKustomization } from "../input-documents.ts";
import type { DocumentEdit, RenderedChart } from "../workspace.ts";

/** One place that gives values to a chart. */
export interface ValueLayer {
  document: InputDocument;
  /** Where in the document the values are. */
  root: FieldPath;
  /** The values are text there that holds YAML itself. */
  isText: boolean;
  value: JsonObject;
  /** The chart's own defaults. */
  isDefault: boolean;
}

/** Everything that gives values to a chart, what wins first; the chart's own defaults last. */
export function valueLayers(chart: RenderedChart, documents: readonly InputDocument[]): ValueLayer[] {
  const open = documents.filter(({ secret }) => !secret);
  const inline = open.flatMap(inlineLayers);
  const defaults = chart.folder === "" ? "values.yaml" : `${chart.folder}/values.yaml`;
  const files = [...chart.valueFiles].reverse().filter((path) => path !== defaults);
  const others = open.filter((document) => isValuesFile(document) && !files.includes(document.file) && !isInside(document.file, chart.folder));
  return [
    ...inline,
    ...files.flatMap((path) => open.filter(({ file }) => file === path)).flatMap((document) => layer(document, [])),
    ...others.flatMap((document) => layer(document, [])),
    ...open
      .filter(({ file }) => file === defaults)
      .flatMap((document) => layer(document, []))
      .map((one) => ({ ...one, isDefault: true })),
  ];
}

/** Where a document gives values to a chart: of a HelmRelease, or of a file that is no object. Undefined where it gives none. */
export function valuesRoot(document: Json): FieldPath | undefined {
  const kind = textAt(document, "kind");
  if (kind === "HelmRelease" && groupOf(textAt(document, "apiVersion")) === "helm.toolkit.fluxcd.io") return ["spec", "values"];
  return isObject(document) && kind === "" ? [] : undefined;
}

/** The part of a path in values along which Helm merges layers, and what is behind it in a list, which a layer replaces as a whole. */
export function mergedPart(path: FieldPath): [place: FieldPath, inside: FieldPath] {
  const cut = path.findIndex((segment) => typeof segment !== "string");
  return cut < 0 ? [path, []] : [path.slice(0, cut), path.slice(cut)];
}

/** The edit that sets a value in a layer, or takes it away. */
export function valueEdit({ document: { file, index }, root, isText }: ValueLayer, path: FieldPath, value: Json | undefined): DocumentEdit {
  return isText ? { file, document: index, path: root, within: path, value } : { file, document: index, path: [...root, ...path], value };
}

/** Values files that are named elsewhere: by a generator of a ConfigMap that a HelmRelease reads. */
function isValuesFile(document: InputDocument): boolean {
  return (
    document.role === "settings" &&
    document.format === undefined &&
    !isKustomization(document) &&
    textAt(document.value, "kind") === "" &&
    nameOf(document.file) !== "Chart.yaml"
  );
}

function inlineLayers(document: InputDocument): ValueLayer[] {
  const { value, role } = document;
  const [group, kind] = [groupOf(textAt(value, "apiVersion")), textAt(value, "kind")];
  if (group === "helm.toolkit.fluxcd.io") return layer(document, ["spec", "values"]);
  if (group === "argoproj.io") return sourcesOf(value, kind).flatMap((source) => argoLayers(document, [...source, "helm"]));
  if (kind === "ConfigMap" && role === "settings")
    return Object.keys(isObject(value) && isObject(value.data) ? value.data : {}).flatMap((key) => textLayer(document, ["data", key]));
  return nameOf(document.file).startsWith(".argocd-source") ? argoLayers(document, ["helm"]) : [];
}

function sourcesOf(value: Json, kind: string): FieldPath[] {
  const spec: FieldPath = kind === "ApplicationSet" ? ["spec", "template", "spec"] : ["spec"];
  const several = listAt(getIn(value, spec), "sources").map((_, i): FieldPath => [...spec, "sources", i]);
  return [[...spec, "source"], ...several];
}

function argoLayers(document: InputDocument, helm: FieldPath): ValueLayer[] {
  return [...layer(document, [...helm, "valuesObject"]), ...textLayer(document, [...helm, "values"])];
}

function layer(document: InputDocument, root: FieldPath): ValueLayer[] {
  const value = getIn(document.value, root);
  return isObject(value) ? [{ document, root, isText: false, value, isDefault: false }] : [];
}

function textLayer(document: InputDocument, root: FieldPath): ValueLayer[] {
  const text = getIn(document.value, root);
  const outcome = typeof text === "string" ? parseYaml(text) : undefined;
  const value = outcome?.kind === "parsed" && outcome.documents.length === 1 ? outcome.documents[0]?.value : undefined;
  return isObject(value) ? [{ document, root, isText: true, value, isDefault: false }] : [];
}
