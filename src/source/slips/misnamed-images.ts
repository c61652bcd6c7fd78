import { isObject, type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { isKustomizationFile } from "../git/repository-paths.ts";
import { imageParts } from "../image-reference.ts";
import { edited } from "./edited-file.ts";
import type { MisnamedValue } from "./misnamed-values.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/**
 * Entries of a kustomization's `images` that are for no image of what is rendered, where one image without a tag has almost that name: its tag is given there, and
 * was meant for it; whose own name is another one since the last good revision; or which the manifests call otherwise since then. Not where it was called so before
 * and did nothing: then it was missed by nobody.
 */
export function misnamedImages(
  files: readonly BasisFile[],
  rendered: readonly KubeObject[],
  isAlike: (wrong: string, right: string) => boolean,
): MisnamedValue[] {
  const images = rendered.flatMap((object) => imagesIn(object)).map(imageParts);
  const names = new Set(images.map(({ name }) => name));
  const renamed = renamedImages(files);
  const bare = new Set(images.flatMap(({ name, tag, digest }) => (tag === undefined && digest === undefined ? [name] : [])));
  return files.flatMap(({ path, text, lastGood }) => {
    if (text === undefined || !isKustomizationFile(path)) return [];
    const then = new Set(yamlDocuments(lastGood).flatMap(({ value }) => listAt(value, "images").map((entry) => textAt(entry, "name"))));
    return yamlDocuments(text).flatMap(({ value, index }) =>
      listAt(value, "images").flatMap((entry, i): MisnamedValue[] => {
        const wrong = textAt(entry, "name");
        const isUsed = [wrong, textAt(entry, "newName")].some((name) => names.has(name));
        const isNew = !then.has(wrong) && textAt(entry, "newName") === "";
        const successors = [...new Set(renamed.flatMap(({ from, to }) => (from === wrong && names.has(to) ? [to] : [])))];
        const open = isNew
          ? [...new Set([...bare, ...leftAlone(then, value, wrong)])].filter((name) => isAlike(wrong, name) || isLonger(wrong, name))
          : successors;
        const [right, ...others] = isUsed ? [] : open.filter((name) => names.has(name));
        if (right === undefined || others.length > 0) return [];
        // The shorter name is no image of any registry but Docker's: the entry says from where it comes.
        const whole = isLonger(wrong, right) && wrong !== `docker.io/${right}` ? [{ document: index, path: ["images", i, "newName"], value: wrong }] : [];
        const [change] = edited({ path, text }, [{ document: index, path: ["images", i, "name"], value: right }, ...whole]);
        return change ? [{ wrong: `images of ${wrong}`, right: `images of ${right}`, change }] : [];
      }),
    );
  });
}

/** The name that an entry had until it got this one: the only one of the list that went, where this is the only one that came. */
function leftAlone(then: ReadonlySet<string>, kustomization: Json, wrong: string): string[] {
  const now = listAt(kustomization, "images").map((entry) => textAt(entry, "name"));
  const gone = [...then].filter((name) => !now.includes(name));
  const come = now.filter((name) => !then.has(name));
  return gone.length === 1 && come.length === 1 && come[0] === wrong ? gone : [];
}

/** Whether a name is another one with its registry. */
function isLonger(name: string, short: string): boolean {
  return name.endsWith(`/${short}`);
}

/** Images that a manifest calls otherwise since the last good revision: the only one that went from it, and the only one that came. */
function renamedImages(files: readonly BasisFile[]): { from: string; to: string }[] {
  return files.flatMap(({ path, text, lastGood }) => {
    if (isKustomizationFile(path) || !isPlainYaml(path)) return [];
    const [then, now] = [lastGood, text].map(
      (one) => new Set(yamlDocuments(one).flatMap(({ value }) => imagesIn(value).map((image) => imageParts(image).name))),
    );
    const gone = [...(then ?? [])].filter((name) => !now?.has(name));
    const come = [...(now ?? [])].filter((name) => !then?.has(name));
    const [from, to] = [gone[0], come[0]];
    return from !== undefined && to !== undefined && gone.length + come.length === 2 ? [{ from, to }] : [];
  });
}

function imagesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "image" && typeof inner === "string" ? [inner] : imagesIn(inner)));
}
