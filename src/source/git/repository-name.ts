/** Where a git URL points: `host` in lower case, with a port only where the URL needs one to be reached. */
export interface RepositoryName {
  host: string;
  owner: string;
  name: string;
}

/** Which repositories this installation looks after. */
export interface RepositoryScope {
  /** `github.com`, or the host of a GitHub Enterprise Server. */
  host: string;
  /** For clusters that pull from a mirror, the repository that it mirrors as `owner/name`; made by {@link repositoryScope}. */
  aliases: ReadonlyMap<string, string>;
}

const LONGEST_URL = 2_048;
const OWNER = /^[a-z\d][a-z\d_-]{0,99}$/i;
const NAME = /^[\w.-]{1,100}$/;

/** `owner/name`, checked by GitHub's rules for names; undefined for anything else. */
export function parseFullName(text: string): { owner: string; name: string } | undefined {
  const [owner = "", name = "", ...rest] = text.split("/");
  const fits = rest.length === 0 && OWNER.test(owner) && NAME.test(name) && name !== "." && name !== "..";
  return fits ? { owner, name } : undefined;
}

/**
 * The repository that a delivery's URL names: `https://`, `ssh://`, `git://` or scp-like (`git@github.com:acme/shop.git`).
 * Credentials in the URL are dropped. Undefined for anything that is not `host/owner/name`.
 */
export function parseRepositoryUrl(url: string): RepositoryName | undefined {
  const place = splitUrl(url);
  const named = place && parseFullName(place.path);
  return place && named ? { host: place.host, ...named } : undefined;
}

/** A scope from settings: aliases as an operator writes them. */
export function repositoryScope(host: string, aliases: ReadonlyMap<string, string>): RepositoryScope {
  return { host, aliases: new Map([...aliases].map(([url, fullName]) => [aliasKey(url), fullName])) };
}

/** The form in which an alias is looked up: spelling differences of one URL (case of the host, credentials, `.git`, slashes) give one key. */
function aliasKey(url: string): string {
  const place = splitUrl(url);
  return place ? `${place.host}/${place.path}` : url.trim();
}

/** `owner/name` for a delivery's URL: through an alias first, else where it points into the scope's host; undefined for a foreign repository. */
export function repositoryOf(url: string, scope: RepositoryScope): string | undefined {
  const alias = scope.aliases.get(aliasKey(url));
  if (alias) return alias;
  const parsed = parseRepositoryUrl(url);
  return parsed && parsed.host === canonicalHost(scope.host) ? `${parsed.owner}/${parsed.name}` : undefined;
}

function splitUrl(text: string): { host: string; path: string } | undefined {
  const url = text.trim();
  if (url.length > LONGEST_URL) return undefined;
  const place = url.includes("://") ? splitStandard(url) : splitScp(url);
  const path = place?.path
    .replace(/^\/+/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
  return place && path ? { host: canonicalHost(place.host), path } : undefined;
}

function splitStandard(url: string): { host: string; path: string } | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !["https:", "http:", "ssh:", "git:"].includes(parsed.protocol)) return undefined;
  const web = parsed.protocol === "https:" || parsed.protocol === "http:";
  return { host: web ? parsed.host : parsed.hostname, path: parsed.pathname };
}

/** `[user@]host:path`, as git reads it where there is no scheme. */
function splitScp(url: string): { host: string; path: string } | undefined {
  const match = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(url);
  return match?.[1] && match[2] ? { host: match[1], path: match[2] } : undefined;
}

/** GitHub answers for itself under more than one name; `ssh.github.com` is SSH over port 443. */
function canonicalHost(host: string): string {
  const lower = host.toLowerCase().replace(/^www\./, "");
  return lower === "ssh.github.com" ? "github.com" : lower;
}
