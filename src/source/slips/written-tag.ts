import { isMap, isScalar, visit } from "yaml";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { resolvePlain } from "../edit/yaml-scalars.ts";
import { imageParts } from "../image-reference.ts";
import type { OfferedDocument } from "../workspace.ts";

/** A key that says which version of an image is wanted. */
const TAG_KEY = /(?:tag|version)$/i;
const NUMBER = /^[\dA-Fa-fxo._+]{1,40}$/;

/**
 * The image with its tag as a file says it, where the tag stands there without quotes and was read as a number: `tag: 1.10` is 1.1 then. Undefined where nothing, or
 * more than one such number, makes the tag what it is.
 */
export function asWritten(image: string, documents: readonly Pick<OfferedDocument, "text" | "format">[]): string | undefined {
  const { name, tag, digest } = imageParts(image);
  if (tag === undefined || digest !== undefined) return undefined;
  const written = documents.flatMap(({ text, format }) => (format === undefined ? numbersRead(text, tag) : []));
  const [only, ...others] = new Set(written);
  return only !== undefined && others.length === 0 ? `${name}:${only}` : undefined;
}

/** What stands behind keys for tags, and is printed as this tag once it was read as a number. */
function numbersRead(text: string, tag: string): string[] {
  const found: string[] = [];
  for (const { node } of yamlDocuments(text)) {
    visit(node, {
      Pair: (_, { key, value }, path) => {
        const isTag = isMap(path.at(-1)) && isScalar(key) && TAG_KEY.test(String(key.value));
        if (!isTag || !isScalar(value) || value.type !== "PLAIN") return;
        const [source, number] = [value.source ?? "", resolvePlain(value.source ?? "")];
        if (NUMBER.test(source) && source !== tag && typeof number === "number" && printed(number).includes(tag)) found.push(source);
      },
    });
  }
  return found;
}

/** How templates print a number: as short as it can be, and large ones with an exponent (Go's %v of a float64). */
function printed(value: number): string[] {
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return [String(value), `${digits}e${exponent.replace(/^([+-])(\d)$/, "$10$2")}`];
}
