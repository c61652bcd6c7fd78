import { isKubeObject, isObject, type Json, type KubeObject, listAt, refOf, textAt } from "../../cluster/objects.ts";
import { parseYaml, type YamlOutcome } from "../edit/yaml-documents.ts";

export type ManifestsOutcome = { kind: "read"; objects: KubeObject[] } | { kind: "invalid"; message: string };

/** Parses texts and remembers the outcome by text: a probe changes one file, and the others need no second look. */
export class ManifestReader {
  readonly #parsed = new Map<string, YamlOutcome>();

  parse(text: string): YamlOutcome {
    const known = this.#parsed.get(text);
    if (known) return known;
    const outcome = parseYaml(text);
    this.#parsed.set(text, outcome);
    return outcome;
  }

  /** The objects of a text, `List`s taken apart, empty documents left out. Anything that is no object is invalid. */
  objects(text: string): ManifestsOutcome {
    const outcome = this.parse(text);
    if (outcome.kind === "refused") return { kind: "invalid", message: outcome.message };
    const objects: KubeObject[] = [];
    for (const { value } of outcome.documents) {
      for (const item of unlisted(value)) {
        if (!isKubeObject(item)) return { kind: "invalid", message: complaint(item) };
        objects.push(item);
      }
    }
    return { kind: "read", objects };
  }

  /** The objects that a renderer printed: documents between `---` lines. Helm says in a comment which template made each (`sources`, by kind and name). */
  output(text: string): Extract<ManifestsOutcome, { kind: "invalid" }> | { kind: "read"; objects: KubeObject[]; sources: Map<string, string> } {
    const objects: KubeObject[] = [];
    const sources = new Map<string, string>();
    for (const document of text.split(/^---(?:[ \t].*)?\r?\n/m)) {
      const outcome = this.objects(document);
      if (outcome.kind === "invalid") return outcome;
      const source = /^# Source: (\S+)/.exec(document)?.[1];
      for (const object of source ? outcome.objects : []) sources.set(`${object.kind}/${refOf(object).name}`, source ?? "");
      objects.push(...outcome.objects);
    }
    return { kind: "read", objects, sources };
  }
}

function unlisted(value: Json): Json[] {
  if (value === null) return [];
  if (isObject(value) && /List$/.test(textAt(value, "kind")) && Array.isArray(value.items)) return listAt(value, "items");
  return [value];
}

function complaint(value: Json): string {
  if (!isObject(value)) return "a document is not a mapping, so it is no Kubernetes object";
  const missing = ["apiVersion", "kind", "metadata"].find((key) => !Object.hasOwn(value, key) || value[key] === null || value[key] === "");
  return `Object '${missing ?? "metadata"}' is missing in ${JSON.stringify(value).slice(0, 120)}`;
}
