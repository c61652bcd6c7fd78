/** One segment after another of the name that a registry takes, and the tag or digest behind it (distribution's reference grammar). */
const VALID = /^(?:[a-z0-9][a-z0-9.-]*(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*:[\w][\w.-]{0,127}$/;

/**
 * The reference that an image which the kubelet cannot read was meant to be: without a scheme or blanks around it, with single slashes, its tag once, and a name in small
 * letters, as registries have no other. Undefined where that is no reference with a tag either.
 */
export function imageAsMeant(image: string): string | undefined {
  if (image.length > 400) return undefined;
  const plain = image
    .trim()
    .replace(/^(?:https?|docker|oci):\/\//i, "")
    .replaceAll(/\/{2,}/g, "/");
  const once = plain.replace(/:([\w.-]{1,128}):\1$/, ":$1").replace(/\s*:\s*([\w.-]{1,128})$/, ":$1");
  const tag = once.slice(once.lastIndexOf(":"));
  const meant = once.slice(0, once.length - tag.length).toLowerCase() + tag;
  return meant !== image && tag !== ":latest" && VALID.test(meant) ? meant : undefined;
}
