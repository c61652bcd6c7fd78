import { isObject, type Json, listAt, type ObjectRef, objectAt, textAt } from "../../cluster/objects.ts";
import { folderOf, joinPath } from "../git/repository-paths.ts";
import { isKustomization } from "../input-documents.ts";

interface Placed {
  file: string;
  value: Json;
}

/**
 * Whether a kustomization lists this file as a patch whose `target` is of the object's kind, and of its name or of any (kustomize: `patches[].target`). The name that
 * the patch itself has says nothing then.
 */
export function isTargetedAt({ file }: Placed, object: ObjectRef, documents: readonly Placed[]): boolean {
  return documents.filter(isKustomization).some((kustomization) =>
    listAt(kustomization.value, "patches").some((patch) => {
      const target = objectAt(patch, "target");
      const isIt = joinPath(folderOf(kustomization.file), textAt(patch, "path")) === file && isObject(target) && Object.keys(target).length > 0;
      return isIt && fits(textAt(target, "kind"), object.kind) && fits(textAt(target, "name"), object.name);
    }),
  );
}

/** Names in a target are regular expressions for the whole name; what is more than a name or `.*` is not looked into. */
function fits(wanted: string, is: string): boolean {
  return wanted === "" || wanted === ".*" || wanted === is;
}
