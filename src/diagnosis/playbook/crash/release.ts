import type { FieldChange } from "../../../source/edit/field-path.ts";
import { imageParts } from "../../../source/image-reference.ts";
import type { Finding } from "../../diagnosis.ts";
import { FAULTS } from "../blame/native-crash.ts";
import { CONFIDENCE, oneStop, place, restoring, shown } from "../entry.ts";
import { namesWord } from "../words.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";

/** What a program says of data, or of a partner, that another version of it made. */
const OTHER_VERSION = /incompatible|not compatible|unsupported (?:\w{1,20} )?version|downgrad|newer version|older version|version mismatch|wrong version/i;
/** The release is to blame, whatever else the commit changed: it does not get along with data of another version. */
export function versionRefused(crashCase: CrashCase): Finding | undefined {
  const image = changedImage(crashCase);
  const { tag = "" } = imageParts(String(image?.after ?? ""));
  const line = complaints(crashCase).findLast(({ text }) => OTHER_VERSION.test(text.slice(0, 1000)) && isNamed(text, tag));
  const { past, statement } = crashCase;
  if (!past || !image || !line) return undefined;
  const rootCause = `${place(statement.object, statement.container)} does not get along with what another version left: ${shown(line.text)}.`;
  return restoring(withLine(crashCase, line, { ...statement, rootCause: oneStop(rootCause), confidence: CONFIDENCE.likely }), past, [image]);
}

/** The new release dies of a fault of its own, without a word: no setting of the same commit does that. */
export function faulty(crashCase: CrashCase): Finding | undefined {
  const { container, past, statement } = crashCase;
  const fault = FAULTS.get(container.ended?.exitCode ?? 0);
  const image = changedImage(crashCase);
  if (!past || !image || fault === undefined) return undefined;
  const rootCause = `${place(statement.object, statement.container)} dies of ${fault} (exit code ${container.ended?.exitCode}) since it runs ${shown(image.after)}.`;
  return restoring({ ...statement, rootCause, confidence: CONFIDENCE.circumstantial }, past, [image]);
}

function changedImage({ changed, found }: CrashCase): FieldChange | undefined {
  return changed.find(({ path }) => path.length === found.path.length + 1 && path.at(-1) === "image");
}

/** The tag as a word, or its first number beside the word version. */
function isNamed(text: string, tag: string): boolean {
  const number = /^v?(\d{1,6}(?:\.\d{1,6}){0,3})/.exec(tag)?.[1] ?? "";
  const [major = ""] = number.split(".");
  return namesWord(text, tag) || namesWord(text, number) || (major !== "" && new RegExp(`\\bversion ${major}\\b`, "i").test(text.slice(0, 1000)));
}
