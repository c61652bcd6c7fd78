// An image is one that was seen working, of the same program, with a tag or digest that says which.
import { type FieldChange, getIn } from "../../source/edit/field-path.ts";
import { imageAsMeant } from "../../source/meant/image-slips.ts";
import { underOldName } from "../../source/meant/misnamed-image.ts";
import { inOtherSpelling } from "../../source/meant/tag-spelling.ts";
import { asWritten } from "../../source/slips/written-tag.ts";
import { baselineOf, type Grounds, isFromHistory, type Objection, objection } from "../grounds.ts";
import { type ImageReference, parseImage, sameImage, sameRepository } from "../image-reference.ts";
import { editDistance, isNearName } from "../nearness.ts";

export function imageObjection(grounds: Grounds, change: FieldChange): Objection {
  if (typeof change.after !== "string") return objection("image", "An image is removed or no text.");
  const image = parseImage(change.after);
  if (!image) return objection("image-invalid", `${change.after.slice(0, 100)} is no valid image reference.`);
  if (isCompletedElsewhere(grounds, change, image)) return undefined;
  if (image.tag === "latest" || (image.tag === "" && image.digest === "")) return objection("image-latest", "The image has no fixed tag or digest.");
  const known = grounds.input.knownImages.flatMap((text) => parseImage(text) ?? []);
  const before = baselineOf(grounds, change);
  const baseline = typeof before === "string" ? parseImage(before) : undefined;
  if (baseline?.digest && !image.digest && !isFromHistory(grounds, change))
    return objection("digest-dropped", "The image was pinned by digest and is no longer.");
  if (isFromHistory(grounds, change)) return undefined;
  if (isOtherSpelling(grounds, before, change.after)) return undefined;
  if (isUnderOldName(grounds, change, image) || isMeant(grounds, change) || isRespelt(grounds, before, change.after)) return undefined;
  if (!known.some((one) => sameRepository(one, image)))
    return objection("image-unknown-repository", `${image.registry}/${image.repository} was never seen working here.`);
  if (!known.some((one) => isKnown(one, image))) return objection("image-unknown-tag", `Nothing shows that ${change.after} exists.`);
  if (!isSameProgram(before, baseline, image) && !isFormerProgram(grounds, change, image))
    return objection("image-other-program", "The image belongs to another program.");
  return undefined;
}

/** The container ran this program at the last good revision, in whatever version; by a digest, where that is how it was told which. */
function isFormerProgram({ lastGood }: Grounds, { path }: FieldChange, image: ImageReference): boolean {
  const then = lastGood && getIn(lastGood, path);
  const good = typeof then === "string" ? parseImage(then) : undefined;
  return good !== undefined && sameRepository(good, image) && (good.digest === "" || image.digest !== "");
}

/** The kubelet cannot read the reference, so that nobody has tried its tag: that stays, behind the name of the last good revision. */
function isUnderOldName({ input, lastGood }: Grounds, { path, before }: FieldChange, image: ImageReference): boolean {
  const then = lastGood && getIn(lastGood, path);
  const good = typeof then === "string" ? parseImage(then) : undefined;
  if (typeof before !== "string" || parseImage(before) || !input.evidence.items.some(({ kind, text }) => kind !== "log" && INVALID.test(text))) return false;
  return good !== undefined && sameRepository(good, image) && image.digest === "" && image.tag !== "" && before.endsWith(`:${image.tag}`);
}

/** The reference cannot be read as it is written, as the kubelet says of it or of another that one place in git made like it; it has one other form (source/meant/image-slips.ts). */
function isRespelt({ input }: Grounds, before: unknown, after: string): boolean {
  if (typeof before !== "string" || parseImage(before) || imageAsMeant(before) !== after) return false;
  return input.evidence.items.some(({ kind, text }) => kind !== "log" && INVALID.test(text));
}

/** The tag as a file says it, which YAML read as a number; or the new tag of a name that is only misspelt. Either has to be what cannot be pulled. */
function isMeant({ input, lastGood }: Grounds, { path, before, after }: FieldChange): boolean {
  if (typeof before !== "string") return false;
  const isSaid = (words: RegExp) => input.evidence.items.some(({ kind, text }) => kind !== "log" && words.test(text) && text.includes(before));
  // A large number is printed with an exponent, whose plus no tag may have.
  if (asWritten(before, input.offered) === after) return isSaid(parseImage(before) ? PULL : INVALID);
  if (!parseImage(before) || !isSaid(PULL)) return false;
  const then = lastGood && getIn(lastGood, path);
  return typeof then === "string" && underOldName(then, before) === after;
}

const PULL = /\bpull/i;
const INVALID = /InvalidImageName|invalid reference format|couldn't parse image/;

/** The version with or without a `v`, as all images of its owner that were seen here have it, where the registry has no such tag (source/meant/tag-spelling.ts). */
function isOtherSpelling({ input, lastGood }: Grounds, before: unknown, after: string): boolean {
  if (typeof before !== "string" || lastGood) return false;
  const isMissing = input.evidence.items.some(({ kind, text }) => kind !== "log" && (text.includes(`${before}: not found`) || /manifest unknown/i.test(text)));
  const others = input.knownImages.filter((image) => image !== before);
  return isMissing && inOtherSpelling(before, others) === after;
}

/** A base names only the repository of the last good revision's image, and an overlay the tag: what both make together is judged when it is rendered. */
function isCompletedElsewhere({ isDocument, lastGood }: Grounds, { path }: FieldChange, image: ImageReference): boolean {
  const then = isDocument && image.tag === "" && image.digest === "" ? lastGood && getIn(lastGood, path) : undefined;
  const good = typeof then === "string" ? parseImage(then) : undefined;
  return good !== undefined && sameRepository(good, image) && (good.tag !== "" || good.digest !== "");
}

function isKnown(known: ImageReference, image: ImageReference): boolean {
  return sameImage(known, image) || (sameRepository(known, image) && known.tag === image.tag && image.digest === "");
}

/** The same repository, a misspelling of it, or the same one in another registry. A baseline that cannot be parsed still starts with its repository. */
function isSameProgram(before: unknown, baseline: ImageReference | undefined, image: ImageReference): boolean {
  if (typeof before !== "string") return true;
  const was = baseline?.repository ?? (before.split(/[:@\s]/)[0] ?? "").toLowerCase();
  const base = (path: string) => path.split("/").at(-1) ?? "";
  return (
    was === image.repository ||
    was.endsWith(`/${image.repository}`) ||
    editDistance(was, image.repository, 3) <= 3 ||
    isNearName(base(was), base(image.repository))
  );
}
