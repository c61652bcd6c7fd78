import type { GitDeliverySource, SourceRefusalCode } from "../cluster/delivery.ts";
import type { Json, KubeObject, ObjectRef } from "../cluster/objects.ts";
import type { FieldChange, FieldPath } from "./edit/field-path.ts";
import type { TextFormat } from "./edit/plain-text.ts";
import type { RepositoryTree } from "./git/repository.ts";
import type { InputDocument } from "./input-documents.ts";

export type GitSource = GitDeliverySource;

/** Why something could not be done in git: the code for programs, the sentence for the user, and the places that were considered. */
export interface SourceRefusal {
  kind: "refused";
  code: SourceRefusalCode;
  message: string;
  candidates: string[];
}

/**
 * What a renderer made of a tree. `inputs` are the files that it read. A `failed` render is a fault of the manifests, a `refused` one a limit of ours; where it can be
 * either, `refusal` says the latter.
 */
export type RenderOutcome =
  | { kind: "rendered"; objects: KubeObject[]; inputs: string[]; chart?: RenderedChart }
  | { kind: "failed"; message: string; inputs: string[]; refusal?: SourceRefusal }
  | SourceRefusal;

/** The chart that was rendered: what the search for places among its values needs to know. */
export interface RenderedChart {
  /** In the repository. */
  folder: string;
  /** Its files by the path that helm knows them under, with their paths in the repository. */
  files: ReadonlyMap<string, string>;
  /** Folders in the repository of charts that came from elsewhere, which are not for us to edit. */
  vendored: readonly string[];
  /** Value files in the repository, the last one wins. */
  valueFiles: readonly string[];
  /** Which template made each object, by `Kind/name`: `shop/templates/deployment.yaml`, the first part being the chart's name. */
  templates: ReadonlyMap<string, string>;
}

/**
 * How a document relates to the objects that it decides:
 * `object` is a whole manifest and `patch` a partial one (paths of the rendered object apply as they are),
 * `settings` is anything else (kustomization.yaml, values file …): only places found by probing apply.
 */
export type DocumentRole = "object" | "patch" | "settings";

/** One YAML document of the repository that a fix may edit. `id` is D1, D2 …; a model sees the id and the text, never the path. */
export interface OfferedDocument {
  id: string;
  file: string;
  /** Position among the file's documents, from 0. */
  index: number;
  role: DocumentRole;
  text: string;
  value: Json;
  /** The file is no YAML, and text and value are what it stands for: see plain-text.ts. */
  format?: TextFormat;
  /** The file is not there yet: a patch that a fix would add. Its value is the object that it names, its text is empty. */
  isNew?: true;
}

/** The one scalar (or the parent of a key to add) in git that decides a field of a rendered object. */
export interface Place {
  file: string;
  document: number;
  path: FieldPath;
  /** Where the value at `path` is text that holds YAML itself (Helm values, inline patches): the path in there. */
  within?: FieldPath;
  /** How the rendered value is written there: as it is, or as one part of an image reference (kustomize `images:`). */
  part: "whole" | "image-name" | "image-tag" | "image-digest";
}

/** A wanted difference of one rendered object. */
export interface ObjectChange extends FieldChange {
  object: ObjectRef;
}

/** One edit of one YAML document: set or add (`value` given) or remove (`value` undefined). */
export interface DocumentEdit {
  file: string;
  document: number;
  path: FieldPath;
  /** As in {@link Place}. */
  within?: FieldPath;
  value: Json | undefined;
}

/** A file before and after, as text; `before` undefined means a new file. */
export interface FileChange {
  path: string;
  before: string | undefined;
  after: string;
}

/** One delivery's source at one commit: renders it, and finds places in it. Results are kept as long as the workspace. */
export interface Workspace {
  readonly tree: RepositoryTree;
  readonly source: GitSource;
  render(): Promise<RenderOutcome>;
  /** Renders with some files replaced in memory. */
  renderWith(files: readonly FileChange[]): Promise<RenderOutcome>;
  /** The places in git that decide these fields of a rendered object: proven by rendering with a sentinel. */
  locate(object: ObjectRef, path: FieldPath): Promise<Place | SourceRefusal>;
  /**
   * The edits that make the rendered objects differ in exactly these ways: proven by rendering them.
   * @param touched what files said in which what comes back may have been
   */
  plan(
    changes: readonly ObjectChange[],
    touched?: ReadonlyMap<string, string | undefined>,
  ): Promise<{ kind: "planned"; edits: DocumentEdit[] } | SourceRefusal>;
  /** The documents that a fix of this object may need to edit, the most likely first; never a Secret. */
  documentsFor(object: ObjectRef): Promise<OfferedDocument[]>;
  /** The documents of these files, with the roles that they have for this delivery; Secrets are marked. */
  documentsIn(files: readonly string[]): Promise<InputDocument[]>;
  /** What else is built from these files, or changes with them: folders with a kustomization, and deliveries, by name. */
  alsoAffects(files: readonly FileChange[]): Promise<string[]>;
  /** What of that renders as things are and would not with these files changed. */
  breaks(files: readonly FileChange[]): Promise<string[]>;
}
