import { Document, visit } from "yaml";
import type { Json } from "../../cluster/objects.ts";
import { resolvePlain } from "./yaml-scalars.ts";

/** A value as YAML that Kubernetes reads as this very value: texts that are a boolean or a number there (`yes`, `on`, `0o17`) stand in quotes. */
export function yamlText(value: Json, { indentSeq = true }: { indentSeq?: boolean } = {}): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === "string" && resolvePlain(node.value) !== node.value) node.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0, indentSeq });
}
