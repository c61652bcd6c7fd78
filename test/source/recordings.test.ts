import { describe, expect, test } from "vitest";
import { applicationSource } from "../../src/cluster/argocd-source.ts";
import { kustomizationSource } from "../../src/cluster/flux-source.ts";
import { type KubeObject, refOf, sameRef, textAt } from "../../src/cluster/objects.ts";
import { editFiles } from "../../src/source/edit/document-edits.ts";
import { diffFields } from "../../src/source/edit/field-path.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { differences } from "../../src/source/plan/differences.ts";
import type { GitSource, ObjectChange, RenderOutcome, Workspace } from "../../src/source/workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { loadRecording, type Recording, recordingIds } from "../world/recording.ts";
import { treeOf } from "./tree.ts";

const fetched = await fetchRenderers();
if (fetched.kind === "unavailable") console.error(`Recordings that need kustomize or helm are skipped: ${fetched.reason}`);
const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };

const recordings = recordingIds().map(loadRecording);

describe("undoing what broke each recorded delivery", () => {
  for (const recording of recordings) {
    const needsRenderer = Object.keys(recording.after).some((path) => /kustomization\.yaml$|Chart\.yaml$/.test(path));
    test.skipIf(needsRenderer && fetched.kind === "unavailable")(`${recording.id}: ${recording.scenario.subject}`, async () => {
      const before = await rendered(open(recording, recording.before));
      const workspace = open(recording, recording.after);
      const outcome = await workspace.render();
      if (outcome.kind !== "rendered") {
        expect({ id: recording.id, ...outcome, inputs: [] }).toMatchSnapshot();
        return;
      }
      const changes = changesBack(outcome.objects, before);
      if (changes.length === 0) return;
      const planned = await workspace.plan(changes);
      if (planned.kind === "refused") {
        expect({ id: recording.id, ...planned }).toMatchSnapshot();
        return;
      }
      const healed = await rendered(workspace, await editFiles(workspace.tree, planned.edits));
      const touched = changes.map(({ object }) => object);
      const wrong = [...differences(healed, before).values()].filter(({ object }) => touched.some((ref) => sameRef(ref, object)));
      expect(wrong).toEqual([]);
    });
  }
});

function open({ id, scenario, objects }: Recording, files: Record<string, string>): Workspace {
  return openWorkspace({ tree: treeOf(files), source: sourceOf(id, scenario.delivery, objects), renderers });
}

/** The delivery's source; of a HelmRelease's Kustomization the release's, which is where such failures show. */
function sourceOf(id: string, delivery: KubeObject, objects: readonly KubeObject[]): GitSource {
  const repository: KubeObject = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: id },
    spec: { url: `https://git.example/${id}`, ref: { branch: "main" } },
  };
  const source = delivery.kind === "Application" ? applicationSource(delivery) : kustomizationSource(delivery, repository);
  if (source.kind === "refused") throw new Error(source.message);
  const release = objects.find(({ kind }) => kind === "HelmRelease");
  if (!release) return source;
  const { name, namespace } = refOf(release);
  const chartPath = textAt(release, "spec", "chart", "spec", "chart").replace("./", "");
  return { ...source, settings: { ...source.settings, helmRelease: { name, namespace, chartPath, spec: {} } } };
}

async function rendered(workspace: Workspace, files: Parameters<Workspace["renderWith"]>[0] = []): Promise<KubeObject[]> {
  const outcome: RenderOutcome = await workspace.renderWith(files);
  if (outcome.kind !== "rendered") throw new Error(outcome.message);
  return outcome.objects;
}

function changesBack(now: readonly KubeObject[], before: readonly KubeObject[]): ObjectChange[] {
  return now.flatMap((object) => {
    const good = before.find((other) => sameRef(refOf(other), refOf(object)));
    return good ? diffFields(object, good).map((change) => ({ object: refOf(object), ...change })) : [];
  });
}
