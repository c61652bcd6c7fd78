import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { DeliveryManifest, DeliverySource, RenderSettings } from "../../src/cluster/delivery.ts";
import { type Json, type ObjectRef, refOf, sameRef } from "../../src/cluster/objects.ts";
import type { Neighbours } from "../../src/source/delivery/other-deliveries.ts";
import { editFiles } from "../../src/source/edit/document-edits.ts";
import { type FieldPath, getIn } from "../../src/source/edit/field-path.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import type { GitSource, Workspace } from "../../src/source/workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { keyOf, type LiveDelivery, sourceOf } from "./live-source.ts";
import { treeOf } from "./tree.ts";

const FOLDER = join(import.meta.dirname, "../layouts");
const fetched = await fetchRenderers();
if (fetched.kind === "unavailable") console.error(`Layouts that need kustomize or helm are skipped: ${fetched.reason}`);
const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };
const RENDERED = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization|Chart\.yaml)$/;

interface Layout {
  /** The live objects, from which the source is read as in production … */
  live?: LiveDelivery;
  /** … or what is read from them. */
  source?: { tool: "argocd" | "flux"; path: string; settings: Partial<RenderSettings>; manifest?: DeliveryManifest };
  /** Symlinks, and where they lead; the name of a submodule leads to "submodule". */
  links?: Record<string, string>;
  /** Other deliveries of the cluster, and the names of those in which the same fails. */
  others?: LiveDelivery[];
  failing?: string[];
  changes: { object: ObjectRef; path: FieldPath; after?: Json }[];
  refusal?: string;
  /** Part of the refusal's sentence. */
  message?: string;
  alsoAffects?: string[];
}

describe.concurrent("from a wanted change of a rendered object to the edit in git", () => {
  for (const name of readdirSync(FOLDER)) {
    const layout: Layout = JSON.parse(readFileSync(join(FOLDER, name, "layout.json"), "utf8"));
    const files = filesIn(join(FOLDER, name, "before"));
    const needsRenderer = Object.keys(files).some((path) => RENDERED.test(path)) || layout.source?.settings.flux !== undefined;

    test.skipIf(needsRenderer && fetched.kind === "unavailable")(name, async ({ expect }) => {
      const source = layout.live ? liveSource(layout.live) : givenSource(layout);
      if (source.kind === "refused") {
        expect({ code: source.code, message: source.message }).toEqual({ code: layout.refusal, message: expect.stringMatching(/.{30,}/) });
        expect(source.message).toContain(layout.message ?? "");
        return;
      }
      const workspace = openWorkspace({
        tree: treeOf(files, undefined, layout.links),
        source,
        renderers,
        ...(layout.others ? { neighbours: neighboursOf(layout) } : {}),
      });
      const outcome = await workspace.plan(await wantedChanges(workspace, layout));
      if (outcome.kind === "refused") {
        expect({ code: outcome.code, message: outcome.message }).toEqual({ code: layout.refusal, message: expect.stringMatching(/.{30,}/) });
        expect(outcome.message).toContain(layout.message ?? "");
        return;
      }
      expect(layout.refusal).toBeUndefined();
      const changed = await editFiles(workspace.tree, outcome.edits);
      if (layout.alsoAffects) expect(await workspace.alsoAffects(changed)).toEqual(layout.alsoAffects);
      await expect(unifiedDiff(changed)).toMatchFileSnapshot(join(FOLDER, name, "expected.diff"));
    });
  }
});

function givenSource({ source }: Layout): GitSource {
  if (!source) throw new Error("a layout has live objects or a source");
  const { tool, path, manifest } = source;
  const directory = { recurse: false, include: "", exclude: "" };
  const settings: RenderSettings = { namespace: "prod", namespaceMode: "default", tool, name: "shop", directory, ...source.settings };
  return { kind: "git", url: "https://git.example/shop", branch: "main", path, settings, defaultBranch: "main", ...(manifest ? { manifest } : {}) };
}

function neighboursOf({ others = [], failing = [] }: Layout): Neighbours {
  return {
    deliveries: async () => others.map((live) => ({ key: keyOf(live.delivery), source: sourceOf(live) })),
    wants: async ({ name }) => failing.includes(name),
  };
}

function liveSource(live: LiveDelivery): DeliverySource {
  const source = sourceOf(live);
  return source.kind === "git" ? { ...source, defaultBranch: "main" } : source;
}

/** Completes the changes with what is rendered now; `-HASH` in a name stands for the hash of a generated object. */
async function wantedChanges(workspace: Workspace, { changes }: Layout) {
  const rendered = await workspace.render();
  const objects = rendered.kind === "rendered" ? rendered.objects : [];
  return changes.map(({ object, path, after }) => {
    const start = object.name.replace("-HASH", "-");
    const found = objects.find((candidate) => sameRef(refOf(candidate), object) || (start !== object.name && refOf(candidate).name.startsWith(start)));
    return { object: found ? refOf(found) : object, path, before: getIn(found, path), after };
  });
}

function filesIn(folder: string): Record<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}
