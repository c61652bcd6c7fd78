// What the rest of a repository says: manifests that other deliveries bring, whose commits can take away what this one asks for by name.
import { type KubeObject, textAt } from "../../cluster/objects.ts";
import { inputsOf } from "../compare.ts";
import { changedPaths } from "../git/changed-files.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { ManifestReader } from "../render/manifests.ts";
import { isPlainYaml } from "../slips/text-basis.ts";
import type { RenderOutcome, Workspace } from "../workspace.ts";

/** Objects in files that the delivery does not read and that changed since its last good revision, as they are written there. */
export interface Beside {
  before: KubeObject[];
  now: KubeObject[];
}

const NOTHING_BESIDE: Beside = { before: [], now: [] };

/** All that the repository is known to say, of a delivery and beside it: at the last good revision, and today. */
export function thenAndNow(
  lastGood: readonly KubeObject[] | undefined,
  { rendered, beside = NOTHING_BESIDE }: { rendered: readonly KubeObject[]; beside?: Beside },
): [then: KubeObject[], now: KubeObject[]] {
  return [
    [...(lastGood ?? []), ...beside.before],
    [...rendered, ...beside.now],
  ];
}

/** Bounds on what is read, in files and characters. */
const MOST_FILES = 60;
const LARGEST = 200_000;

/** Nothing where no last good revision is known, or where more changed than can be looked through. Values of Secrets are left out. */
export async function manifestsBeside(base: Workspace, lastGood: Workspace | undefined): Promise<Beside> {
  if (!lastGood) return NOTHING_BESIDE;
  const own = new Set([...ownFiles(await base.render()), ...ownFiles(await lastGood.render())]);
  const paths = (await changedPaths(lastGood.tree, base.tree)).filter((path) => isPlainYaml(path) && !own.has(path));
  if (paths.length > MOST_FILES) return NOTHING_BESIDE;
  return { before: await objectsIn(lastGood.tree, paths), now: await objectsIn(base.tree, paths) };
}

/** What is rendered: of a HelmRelease its chart and values, and not what the Kustomization that brings it has for others. */
function ownFiles(outcome: RenderOutcome): string[] {
  const chart = outcome.kind === "rendered" ? outcome.chart : undefined;
  return inputsOf(outcome).filter((path) => !chart || path.startsWith(`${chart.folder}/`) || chart.folder === "" || chart.valueFiles.includes(path));
}

async function objectsIn(tree: RepositoryTree, paths: readonly string[]): Promise<KubeObject[]> {
  const texts = await Promise.all(paths.map((path) => tree.read(path)));
  const reader = new ManifestReader();
  const objects = texts.flatMap((text): KubeObject[] => {
    const outcome = text === undefined || text.length > LARGEST ? undefined : reader.objects(text);
    return outcome?.kind === "read" ? outcome.objects : [];
  });
  const named = new Map(objects.map((object) => [`${object.kind}/${textAt(object, "metadata", "name")}`, withoutValues(object)]));
  return [...named.values()];
}

function withoutValues(object: KubeObject): KubeObject {
  if (object.kind !== "Secret") return object;
  const keys = ["data", "stringData"].flatMap((field) => Object.keys((object[field] ?? {}) as object));
  return { apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata, data: Object.fromEntries(keys.map((key) => [key, ""])) };
}
