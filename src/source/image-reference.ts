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
