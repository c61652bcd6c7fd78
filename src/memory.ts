import type { Incident } from "./incident/incident.ts";
import type { OurPull } from "./pull-request/pull.ts";
import type { Ending } from "./reconcile.ts";

const MILLISECONDS = 10 * 60_000;
const ENTRIES = 1_000;

/**
 * What this process did lately, so that the same incident on the same commit is not diagnosed again with every event of a crash loop. Losing it
 * costs one more look and nothing else: what must survive is on GitHub.
 */
export class Memory {
  readonly #now: () => number;
  readonly #endings = new Map<string, { ending: Ending; until: number }>();
  readonly #seen = new WeakSet<OurPull>();
  readonly #withoutIssues = new Map<string, number>();
  readonly #checks = new Map<string, "none" | "asked">();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How an incident ended lately, on the same commit of the branch. */
  ending(incident: Incident, commit: string): Ending | undefined {
    const known = this.#endings.get(`${incident.fingerprint}@${commit}`);
    return known && known.until > this.#now() ? known.ending : undefined;
  }

  remember(incident: Incident, commit: string, ending: Ending): Ending {
    this.#endings.set(`${incident.fingerprint}@${commit}`, { ending, until: this.#now() + MILLISECONDS });
    forgetOldest(this.#endings);
    return ending;
  }

  /** True once for each pull request as it was read: nothing on GitHub can have changed until it is read again. */
  isNew(pull: OurPull): boolean {
    if (this.#seen.has(pull)) return false;
    this.#seen.add(pull);
    return true;
  }

  /** Whether a head has to be validated: `unknown` where this process has not looked yet, `asked` where a person wants it again. */
  demandFor(repository: string, headSha: string): "none" | "unknown" | "asked" {
    return this.#checks.get(`${repository}@${headSha}`) ?? "unknown";
  }

  checked(repository: string, headSha: string): void {
    this.#checks.set(`${repository}@${headSha}`, "none");
    forgetOldest(this.#checks);
  }

  /** Whether issues can be written in a repository, as far as was tried lately: asking in vain again and again is what GitHub suspends Apps for. */
  hasIssues(repository: string): boolean {
    return (this.#withoutIssues.get(repository) ?? 0) <= this.#now();
  }

  hasNoIssues(repository: string): void {
    this.#withoutIssues.set(repository, this.#now() + 6 * MILLISECONDS);
    forgetOldest(this.#withoutIssues);
  }

  /** Somebody asked for the check to run again. */
  askCheck(repository: string, headSha: string): void {
    this.#checks.set(`${repository}@${headSha}`, "asked");
  }
}

function forgetOldest(entries: Map<string, unknown>): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= ENTRIES) return;
    entries.delete(oldest);
  }
}
