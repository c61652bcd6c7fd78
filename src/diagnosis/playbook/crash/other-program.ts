import { refOf, sameRef, textAt } from "../../../cluster/objects.ts";
import { imageParts } from "../../../source/image-reference.ts";
import { ownProgram } from "../../../source/meant/own-program.ts";
import type { Finding } from "../../diagnosis.ts";
import { containersOf } from "../../workload.ts";
import { CONFIDENCE, fix, place, shown } from "../entry.ts";
import { namesWord } from "../words.ts";
import type { CrashCase } from "./crash-case.ts";

/** The container runs another program since the last good revision, and the one that it had runs beside it still: what the log asks for is the other one's. */
export function otherProgram({ input, now, found, changed, statement }: CrashCase): Finding | undefined {
  const image = changed.find(({ path }) => path.length === found.path.length + 1 && path.at(-1) === "image");
  if (typeof image?.before !== "string" || typeof image.after !== "string") return undefined;
  // Who replaces one program by another one calls the container after it, or after neither.
  const isCalled = (reference: string) => [found.name, statement.object.name].some((name) => namesWord(name, baseOf(reference)));
  if (!isCalled(image.before) || isCalled(image.after)) return undefined;
  const others = input.rendered.flatMap((object) =>
    containersOf(object)
      .filter(({ name }) => name !== found.name || !sameRef(refOf(object), refOf(now)))
      .map(({ value }) => textAt(value, "image")),
  );
  const own = ownProgram(image.before, image.after, others);
  if (own === undefined) return undefined;
  const rootCause = `${place(statement.object, statement.container)} runs ${shown(image.after)}, another program than before, and stops; its own is ${shown(own)} elsewhere.`;
  return fix(
    { ...statement, rootCause, confidence: CONFIDENCE.likely },
    [{ object: statement.object, path: image.path, before: image.after, after: own }],
    [`Run ${own}, as the others do that run this program`],
  );
}

/** The last part of a repository's name: `indexer` of `registry.acme/search/indexer:0.9.2`. */
function baseOf(reference: string): string {
  return imageParts(reference).name.split("/").at(-1) ?? "";
}
