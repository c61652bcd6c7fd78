import { applicationSource } from "../../cluster/argocd-source.ts";
import type { ManifestOrigin } from "../../cluster/delivery.ts";
import { kustomizationSettings } from "../../cluster/flux-source.ts";
import { describeRef, isKubeObject, type KubeObject, type ObjectRef, refOf, textAt } from "../../cluster/objects.ts";
import { repositoryPath } from "../../cluster/reading.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { readInputs } from "../input-documents.ts";
import { refused } from "../refusal.ts";
import type { RenderParts } from "../render/render.ts";
import type { GitSource, RenderOutcome, SourceRefusal } from "../workspace.ts";
import { generateApplications } from "./application-set.ts";
import { manifestRefs } from "./manifest-refs.ts";
import { isSameTree } from "./other-deliveries.ts";

/** A source with the settings that the delivery's manifest gives it in this tree. */
export interface Resolved {
  kind: "resolved";
  source: GitSource;
  /** Files that decide the manifest. */
  inputs: string[];
  /** What is rendered beside the manifest, by whatever renders it: its ConfigMaps may hold variables. */
  beside: readonly KubeObject[];
}

export type Render = (tree: RepositoryTree, source: GitSource, parts: RenderParts) => Promise<RenderOutcome>;

/** Finds the delivery's own manifest in the tree (or takes the live one as it was given) and reads its settings, so that an edit there shows in what is rendered. */
export async function resolveSource(tree: RepositoryTree, source: GitSource, parts: RenderParts, render: Render): Promise<Resolved | SourceRefusal> {
  const { manifest } = source;
  if (!manifest) return { kind: "resolved", source, inputs: [], beside: [] };
  const found =
    parts.liveManifest === undefined ? await fromOrigin({ tree, source, parts, render }, manifest.from, refOf(manifest.object)) : fromText(parts.liveManifest);
  if (found.kind === "refused") return found;
  const settled = withSettingsOf(source, found.object);
  if (settled.kind === "refused") return settled;
  return { kind: "resolved", source: settled, inputs: await decisive(tree, found.inputs, parts, source), beside: found.beside };
}

type Found = { kind: "found"; object: KubeObject; inputs: string[]; beside: readonly KubeObject[] };

interface Search {
  tree: RepositoryTree;
  /** The delivery's. */
  source: GitSource;
  parts: RenderParts;
  render: Render;
}

function fromText(text: string): Found | SourceRefusal {
  const outcome = parseYaml(text);
  const value = outcome.kind === "parsed" ? outcome.documents[0]?.value : undefined;
  return isKubeObject(value)
    ? { kind: "found", object: value, inputs: [], beside: [] }
    : refused("manifest-unknown", "The delivery's manifest cannot be read", []);
}

async function fromOrigin(search: Search, from: ManifestOrigin, wanted: ObjectRef): Promise<Found | SourceRefusal> {
  const name = describeRef(wanted);
  if (from.kind === "unknown") return refused("manifest-unknown", `Nothing in the cluster says what applied ${name}: edit its manifest where you keep it`, []);
  if (from.kind === "application-set") return fromSet(search, from, wanted);
  const parent = describeRef({ group: "", ...from.key });
  if (from.source.kind === "refused")
    return refused("manifest-elsewhere", `${name} is applied by ${parent}, whose source cannot be followed: ${from.source.message}`, []);
  const { url, branch, path } = from.source;
  if (!isSameTree(search.source, { url, branch })) {
    const message = `${name} is applied by ${parent} from ${withoutCredentials(url)} (branch ${branch}, path ${path || "."}), another repository or branch: edit its manifest there`;
    return refused("manifest-elsewhere", message, []);
  }
  const rendered = await renderParent(search, from.source);
  if (rendered.kind !== "rendered")
    return refused("manifest-unknown", `${name} is applied by ${parent}, which cannot be rendered: ${rendered.message}`, [path]);
  const object = rendered.objects.find((candidate) => isSame(refOf(candidate), wanted));
  if (!object) return refused("manifest-unknown", `${name} is said to be applied by ${parent}, which does not render it at the branch's head`, [path]);
  return { kind: "found", object, inputs: rendered.inputs, beside: rendered.objects };
}

/** The set's manifest from git where that is known, else the live one: generators that read files are in git either way. */
async function fromSet(search: Search, { set, from }: Extract<ManifestOrigin, { kind: "application-set" }>, wanted: ObjectRef): Promise<Found | SourceRefusal> {
  const own = await fromOrigin(search, from, refOf(set));
  const manifest = own.kind === "found" ? own.object : set;
  const generated = await generateApplications(search.tree, manifest, (url, branch) => isSameTree(search.source, { url, branch }));
  const name = describeRef(refOf(set));
  if (generated.kind === "undecidable") {
    return refused(
      "application-set",
      `${describeRef(wanted)} is generated by ${name}, which cannot be followed: ${generated.why}. Edit the generator's parameters or the template there`,
      [],
    );
  }
  const object = generated.applications.find((application) => textAt(application, "metadata", "name") === wanted.name);
  if (!object) return refused("application-set", `${name} does not generate ${describeRef(wanted)} at the branch's head: look at its generators`, []);
  return { kind: "found", object, inputs: [...(own.kind === "found" ? own.inputs : []), ...generated.inputs], beside: generated.applications };
}

/** A parent that reads none of the changed files renders what it rendered before. */
async function renderParent({ tree, parts, render }: Search, source: GitSource): Promise<RenderOutcome> {
  const known = parts.parents.get(source);
  const untouched = (outcome: RenderOutcome) =>
    outcome.kind === "rendered" && parts.changed.every(({ path, before }) => before !== undefined && !outcome.inputs.includes(path));
  if (known && (parts.changed.length === 0 || untouched(await known))) return known;
  const { liveManifest: _, ...own } = parts;
  const rendered = render(tree, source, own);
  if (parts.changed.length === 0) parts.parents.set(source, rendered);
  return rendered;
}

function isSame(a: ObjectRef, b: ObjectRef): boolean {
  return a.kind === b.kind && a.group === b.group && a.name === b.name && (a.namespace === b.namespace || a.namespace === "" || b.namespace === "");
}

/** The delivery's settings from its manifest; which repository and branch it follows does not change here. */
function withSettingsOf(source: GitSource, object: KubeObject): GitSource | SourceRefusal {
  const { helmRelease, capabilities, unrestricted } = source.settings;
  const kept = { ...(capabilities ? { capabilities } : {}), ...(unrestricted === undefined ? {} : { unrestricted }) };
  if (object.kind === "Kustomization") {
    const settings = { ...kustomizationSettings(object), ...kept, ...(helmRelease ? { helmRelease } : {}) };
    return { ...source, path: repositoryPath(textAt(object, "spec", "path")), settings };
  }
  const read = applicationSource(object);
  if (read.kind === "refused") return { ...read, candidates: [] };
  const { path, settings, also = [] } = read;
  return { ...source, path, settings: { ...settings, ...kept }, also: also.map((place) => ({ ...place, settings: { ...place.settings, ...kept } })) };
}

/** Of what a parent reads, the files that can decide this delivery's manifest: it renders many others beside. */
async function decisive(tree: RepositoryTree, inputs: readonly string[], { reader }: RenderParts, source: GitSource): Promise<string[]> {
  const refs = manifestRefs(source);
  const documents = await readInputs(tree, inputs, reader);
  const own = documents.filter(({ role, value }) =>
    isKubeObject(value) && value.apiVersion !== "kustomize.config.k8s.io/v1beta1" ? refs.decides(value) : role === "settings",
  );
  const parsed = new Set(documents.map(({ file }) => file));
  return [...new Set([...own.map(({ file }) => file), ...inputs.filter((file) => !parsed.has(file) && /\/templates\//.test(file))])].sort();
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
