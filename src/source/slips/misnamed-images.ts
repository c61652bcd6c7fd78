import { isObject, type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { isKustomizationFile, nameOf } from "../git/repository-paths.ts";
import { imageParts } from "../image-reference.ts";
import { edited } from "./edited-file.ts";
import type { MisnamedValue } from "./misnamed-values.ts";
import type { BasisFile } from "./text-basis.ts";

/**
 * Entries of a kustomization's `images` that are for no image of what is rendered, where one image without a tag has almost that name, or the same name in another
 * registry: its tag is given there, and was meant for it. Not where the entry did nothing before either: then it was missed by nobody.
 */
export function misnamedImages(
  files: readonly BasisFile[],
  rendered: readonly KubeObject[],
  isAlike: (wrong: string, right: string) => boolean,
): MisnamedValue[] {
  const images = rendered.flatMap((object) => imagesIn(object)).map(imageParts);
  const names = new Set(images.map(({ name }) => name));
  const were = new Set(files.flatMap(({ lastGood }) => yamlDocuments(lastGood).flatMap(({ value }) => imagesIn(value))).map((image) => imageParts(image).name));
  const bare = new Set(images.flatMap(({ name, tag, digest }) => (tag === undefined && digest === undefined ? [name] : [])));
  return files.flatMap(({ path, text, lastGood }) => {
    if (text === undefined || !isKustomizationFile(path)) return [];
    const then = new Set(yamlDocuments(lastGood).flatMap(({ value }) => listAt(value, "images").map((entry) => textAt(entry, "name"))));
    return yamlDocuments(text).flatMap(({ value, index }) =>
      listAt(value, "images").flatMap((entry, i): MisnamedValue[] => {
        const wrong = textAt(entry, "name");
        const isIdle = then.has(wrong) && !were.has(wrong);
        const isUsed = [wrong, textAt(entry, "newName")].some((name) => names.has(name));
        const isMeant = (name: string) => nameOf(name) === nameOf(wrong) || (textAt(entry, "newName") === "" && isAlike(wrong, name));
        const [right, ...others] = isIdle || isUsed ? [] : [...bare].filter(isMeant);
        if (right === undefined || others.length > 0) return [];
        const [change] = edited({ path, text }, [{ document: index, path: ["images", i, "name"], value: right }]);
        return change ? [{ wrong: `images of ${wrong}`, right: `images of ${right}`, change }] : [];
      }),
    );
  });
}

function imagesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "image" && typeof inner === "string" ? [inner] : imagesIn(inner)));
}
