import { describeRef, isObject, type KubeObject, refOf } from "../../cluster/objects.ts";
import { formatPath } from "../edit/field-path.ts";
import type { RepositoryTree } from "../git/repository.ts";
import type { InputDocument } from "../input-documents.ts";
import { describePlace } from "../plan/candidates.ts";
import { refused } from "../refusal.ts";
import type { DocumentEdit, Place, SourceRefusal } from "../workspace.ts";

/**
 * The delivery's manifest as it is in the cluster, standing in for a file that is not in this repository: the search runs over it like over any other, so that
 * a refusal can name the very field to edit. It is never written.
 */
export interface LiveManifest {
  document: InputDocument;
  /** Why its file is not known. */
  why: SourceRefusal;
}

export function liveManifest({ apiVersion, kind, metadata, spec }: KubeObject, why: SourceRefusal): LiveManifest {
  const { name = "", namespace = "" } = metadata;
  const value: KubeObject = { apiVersion, kind, metadata: { name, namespace }, spec: isObject(spec) ? spec : {} };
  const document = { file: describeRef(refOf(value)), index: 0, role: "settings", text: JSON.stringify(value, null, 2), value, secret: false } as const;
  return { document, why };
}

/** The tree with that manifest among its readable files; no listing shows it, so that nothing renders it. */
export function withLive(tree: RepositoryTree, live: LiveManifest | undefined): RepositoryTree {
  if (!live) return tree;
  return { ...tree, read: async (path) => (path === live.document.file ? live.document.text : tree.read(path)) };
}

/** The refusal where a place is in the live manifest, undefined where all are in files. */
export function outsideGit(
  live: LiveManifest | undefined,
  places: readonly (DocumentEdit | Pick<Place, "file" | "path" | "within">)[],
): SourceRefusal | undefined {
  const [first] = live ? places.filter(({ file }) => file === live.document.file) : [];
  if (!live || !first) return undefined;
  const path = first.within ? `${formatPath(first.path)} → ${formatPath(first.within)}` : formatPath(first.path);
  return refused(live.why.code, `The field is set by ${path} of ${first.file}. ${live.why.message}`, [describePlace(first)]);
}
