import { hunksBetween } from "../edit/hunks.ts";
import { imageParts } from "../image-reference.ts";
import { describeField } from "../plan/differences.ts";
import { refused } from "../refusal.ts";
import type { FileChange, GitSource, ObjectChange, SourceRefusal } from "../workspace.ts";

/** The comment by which Flux's image automation finds what it writes (Flux docs, "Image policy markers"). */
const MARKER = /\{\s*"\$imagepolicy"\s*:\s*"([^"]{1,300})"/;

/** The refusal where a changed line is one that Flux's image automation writes: it would write it again. */
export function markedByPolicy(files: readonly FileChange[]): SourceRefusal | undefined {
  for (const { path, before, after } of files) {
    const lines = hunksBetween(path, before, after).flatMap((hunk) => [...hunk.before, ...hunk.after]);
    const policy = lines.map((line) => MARKER.exec(line)?.[1]).find((found) => found !== undefined);
    if (policy === undefined) continue;
    const message = `${path} is kept up to date by the image policy ${policy}, which would overwrite an edit there: correct the policy, or what it finds in the registry`;
    return refused("image-updater", message, [path]);
  }
  return undefined;
}

/** The refusal where a change is of an image that Argo CD Image Updater keeps up to date. */
export function updatedImage({ settings }: GitSource, changes: readonly Pick<ObjectChange, "object" | "path" | "before">[]): SourceRefusal | undefined {
  const updated = new Set((settings.updatedImages ?? []).map(canonical));
  const change = changes.find(({ path, before }) => path.at(-1) === "image" && typeof before === "string" && updated.has(canonical(imageParts(before).name)));
  if (!change) return undefined;
  const field = describeField(change.object, change.path);
  const message = `${field} is kept up to date by Argo CD Image Updater (annotation image-list of the Application), which would overwrite an edit: correct its constraint, or what it finds in the registry`;
  return refused("image-updater", message, [String(change.before)]);
}

/** Docker Hub's images have short names. */
function canonical(name: string): string {
  return name.replace(/^(?:index\.)?docker\.io\//, "").replace(/^library\//, "");
}
