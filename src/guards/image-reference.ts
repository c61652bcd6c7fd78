/** An image reference taken apart. `registry` and `repository` as Docker completes them (`nginx` → docker.io, library/nginx). */
export interface ImageReference {
  registry: string;
  repository: string;
  tag: string;
  digest: string;
}

/** Reads `[registry/]repository[:tag][@digest]`; undefined for anything else (distribution reference grammar, lower-case repositories). */
export function parseImage(text: string): ImageReference | undefined {
  if (text.length > 512) return undefined;
  const [named = "", digest = "", more] = text.split("@");
  if (more !== undefined || (text.includes("@") && !/^sha256:[0-9a-f]{64}$/.test(digest))) return undefined;
  const slash = named.indexOf("/");
  const first = named.slice(0, Math.max(slash, 0));
  const hasRegistry = first.includes(".") || first.includes(":") || first === "localhost";
  const registry = hasRegistry ? first : "docker.io";
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const colon = rest.indexOf(":");
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? "" : rest.slice(colon + 1);
  if (colon >= 0 && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined;
  if (!isRegistry(registry) || !path.split("/").every(isComponent)) return undefined;
  return { registry, repository: registry === "docker.io" && !path.includes("/") ? `library/${path}` : path, tag, digest };
}

/** Host labels and perhaps a port. */
function isRegistry(text: string): boolean {
  const [host = "", port = "0", more] = text.split(":");
  return more === undefined && /^\d{1,5}$/.test(port) && host.split(".").every((label) => /^[a-zA-Z0-9][a-zA-Z0-9-]*$/.test(label));
}

function isComponent(part: string): boolean {
  return /^[a-z0-9._-]+$/.test(part) && /^[a-z0-9]/.test(part) && /[a-z0-9]$/.test(part);
}

export function sameRepository(a: ImageReference, b: ImageReference): boolean {
  return a.registry === b.registry && a.repository === b.repository;
}

export function sameImage(a: ImageReference, b: ImageReference): boolean {
  return sameRepository(a, b) && a.tag === b.tag && a.digest === b.digest;
}
