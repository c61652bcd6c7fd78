// Whether versions are written `v1.4.1` or `1.4.1` is a habit of whoever builds the images: all of one owner in one registry have it, or none.
const VERSION = /^(v?)(\d{1,5}(?:\.\d{1,6}){1,3}(?:[-+.][\w.-]{1,60})?)$/;

interface Named {
  /** Registry and owner: all but the last part of the name. */
  owner: string;
  name: string;
  prefix: string;
  version: string;
}

/**
 * The image with its version in the other spelling, where images of the same owner that were seen working have it: one of them this very version, and none of them
 * the spelling that is wrong. Undefined where that is not so, or the image is pinned by its digest.
 */
export function inOtherSpelling(image: string, working: readonly string[]): string | undefined {
  const wrong = parsed(image);
  if (!wrong) return undefined;
  const alike = working.flatMap((one) => parsed(one) ?? []).filter(({ owner }) => owner === wrong.owner);
  const isOther = ({ prefix }: Named) => prefix !== wrong.prefix;
  const isKnown = alike.some((one) => isOther(one) && one.version === wrong.version);
  return isKnown && alike.every(isOther) ? `${wrong.name}:${wrong.prefix === "" ? "v" : ""}${wrong.version}` : undefined;
}

/** Images without an owner (`nginx`) are of many hands. */
function parsed(image: string): Named | undefined {
  const colon = image.lastIndexOf(":");
  const slash = image.lastIndexOf("/");
  const match = colon > slash && !image.includes("@") ? VERSION.exec(image.slice(colon + 1)) : null;
  if (!match || slash < 1) return undefined;
  return { owner: image.slice(0, slash), name: image.slice(0, colon), prefix: match[1] ?? "", version: match[2] ?? "" };
}
