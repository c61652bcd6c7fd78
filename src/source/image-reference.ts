/** The parts of an image reference as kustomize takes them apart: no defaults are added. */
export interface ImageParts {
  name: string;
  tag?: string;
  digest?: string;
}

/** Takes `registry:5000/name:tag@sha256:…` apart. Any text is accepted: it may be the very reference that is broken. */
export function imageParts(reference: string): ImageParts {
  const at = reference.indexOf("@");
  const tagged = at < 0 ? reference : reference.slice(0, at);
  const colon = tagged.lastIndexOf(":");
  const hasTag = colon > tagged.lastIndexOf("/");
  return {
    name: hasTag ? tagged.slice(0, colon) : tagged,
    ...(hasTag ? { tag: tagged.slice(colon + 1) } : {}),
    ...(at < 0 ? {} : { digest: reference.slice(at + 1) }),
  };
}

/** What stands before the repository's own name in two references, where that is all that differs: `acme/` and `acme` of `acme//shop:1` and `acme/shop:1`. */
export function otherBeginning(before: string, after: string): { from: string; to: string } | undefined {
  let common = 0;
  while (common < Math.min(before.length, after.length) && before.at(-1 - common) === after.at(-1 - common)) common++;
  const slash = before.slice(before.length - common).indexOf("/");
  if (slash < 0 || before === after) return undefined;
  const kept = common - slash;
  return { from: before.slice(0, before.length - kept), to: after.slice(0, after.length - kept) };
}
