import type { FieldChange } from "../../source/edit/field-path.ts";
import { imageParts } from "../../source/image-reference.ts";
import { imageAsMeant } from "../../source/meant/image-slips.ts";
import { isTag, underOldName } from "../../source/meant/misnamed-image.ts";
import { asWritten } from "../../source/slips/written-tag.ts";
import type { DiagnosisInput } from "../diagnosis.ts";
import type { TroubledContainer } from "../pods.ts";

interface ImageMeant {
  image: string;
  words: string;
}

/** The image that the commit meant, and did not write: there was a tag that YAML read as a number, or a new tag behind a misspelt name. */
export function imageMeant({ documents }: DiagnosisInput, { image, waiting }: TroubledContainer, difference: FieldChange | undefined): ImageMeant | undefined {
  const written = asWritten(image, documents);
  if (written !== undefined) return { image: written, words: `Set the image to ${written}: its tag stands there without quotes, and was read as a number` };
  const named = waiting.reason === "InvalidImageName" ? underValidName(difference) : misspelt(difference);
  const valid = named === undefined && waiting.reason === "InvalidImageName" ? imageAsMeant(image) : undefined;
  if (valid !== undefined) return { image: valid, words: `Set the image to ${valid}: the same name and tag, as an image's name is written` };
  return named === undefined
    ? undefined
    : { image: named, words: `Set the image to ${named}: the name that it had at the last good revision, with the tag of today` };
}

function misspelt(difference: FieldChange | undefined): string | undefined {
  const { before, after } = difference ?? {};
  return typeof before === "string" && typeof after === "string" ? underOldName(before, after) : undefined;
}

/** Where the name is what makes an image invalid, and the tag is another one too, which nobody has tried yet: the old name with the new tag. */
function underValidName(difference: FieldChange | undefined): string | undefined {
  const [then, now] = [difference?.before, difference?.after].map((image) => imageParts(typeof image === "string" ? image : ""));
  if (!then || !now || now.digest !== undefined || then.digest !== undefined || !isTag(now.tag)) return undefined;
  return then.name !== "" && then.name !== now.name && then.tag !== now.tag && then.tag !== undefined ? `${then.name}:${now.tag}` : undefined;
}
