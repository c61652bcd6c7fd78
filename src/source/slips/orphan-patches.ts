import type { FileChange } from "../workspace.ts";
import { asItWas, declared, strayPatchNames, successorOf } from "./patch-names.ts";
import type { BasisFile } from "./text-basis.ts";

/** The ways to take out a patch whose object the commits took away, manifest and all. @param error names what has no match */
export function withoutOrphan(files: readonly BasisFile[], error: string): FileChange[] {
  const then = files.map(asItWas);
  const orphans = strayPatchNames(files).filter(({ kind, name }) => error.includes(`${kind}.`) && error.includes(`/${name}.`));
  const [orphan, ...others] = orphans.filter(({ kind, name }) => declared(then, kind).some((one) => one.name === name));
  return orphan?.withdraw && others.length === 0 && !successorOf(orphan, files) ? orphan.withdraw() : [];
}
