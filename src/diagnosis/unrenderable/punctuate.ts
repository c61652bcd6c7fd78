import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { punctuated } from "../../source/slips/punctuation.ts";
import { isPlainYaml } from "../../source/slips/text-basis.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** kustomize's words where a list has to be. */
const NO_LIST = /cannot unmarshal object into Go struct field [\w.]{1,100} of type \[\]/;

/**
 * The one space or dash that is missing in what came since the last good revision, with which the file can be read and everything renders; undefined where several
 * would do. Only files that are no YAML as they are, or lack a list.
 */
export async function punctuate({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  if (!basis.hasLastGood) return undefined;
  const broken = basis.files.filter(({ path, text }) => text !== undefined && isPlainYaml(path) && parseYaml(text).kind === "refused");
  const suspects = broken.length > 0 ? broken : NO_LIST.test(message) ? basis.files : [];
  const found = new Map<string, TextRepair>();
  for (const file of broken.length > 1 ? [] : suspects)
    for (const text of punctuated(file)) {
      if (parseYaml(text).kind !== "parsed") continue;
      const repair = repairOf("punctuation", file.path, file.text ?? "", text);
      const objects = await renders.valid(workspace, repair.files);
      if (objects) found.set(JSON.stringify(objects), repair);
    }
  const [only, ...more] = found.values();
  return more.length === 0 ? only : undefined;
}
