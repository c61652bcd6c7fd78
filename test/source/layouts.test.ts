import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DeliveryManifest, RenderSettings } from "../../src/cluster/delivery.ts";
import { type Json, type ObjectRef, refOf, sameRef } from "../../src/cluster/objects.ts";
import { editFiles } from "../../src/source/document-edits.ts";
import { type FieldPath, getIn } from "../../src/source/field-path.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { unifiedDiff } from "../../src/source/patch.ts";
import type { Workspace } from "../../src/source/workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { treeOf } from "./tree.ts";

const FOLDER = join(import.meta.dirname, "../layouts");
const fetched = await fetchRenderers();
if (fetched.kind === "unavailable") console.error(`Layouts that need kustomize or helm are skipped: ${fetched.reason}`);

interface Layout {
  source: { tool: "argocd" | "flux"; path: string; settings: Partial<RenderSettings>; manifest?: DeliveryManifest };
  changes: { object: ObjectRef; path: FieldPath; after?: Json }[];
  refusal?: string;
  /** Part of the refusal's sentence. */
  message?: string;
  alsoAffects?: string[];
}

describe("from a wanted change of a rendered object to the edit in git", () => {
  for (const name of readdirSync(FOLDER)) {
    const layout: Layout = JSON.parse(readFileSync(join(FOLDER, name, "layout.json"), "utf8"));
    const files = filesIn(join(FOLDER, name, "before"));
    const needsRenderer = Object.keys(files).some((path) => /kustomization\.yaml$|Chart\.yaml$/.test(path)) || layout.source.settings.flux !== undefined;

    test.skipIf(needsRenderer && fetched.kind === "unavailable")(name, async () => {
      const workspace = open(layout, files);
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

function open({ source }: Layout, files: Record<string, string>): Workspace {
  const settings: RenderSettings = {
    namespace: "prod",
    namespaceMode: "default",
    tool: source.tool,
    name: "shop",
    directory: { recurse: false, include: "", exclude: "" },
    ...source.settings,
  };
  const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };
  return openWorkspace({
    tree: treeOf(files),
    source: {
      kind: "git",
      url: "https://git.example/shop",
      branch: "main",
      path: source.path,
      settings,
      defaultBranch: "main",
      ...(source.manifest ? { manifest: source.manifest } : {}),
    },
    renderers,
  });
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

function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}
