import type { Incident } from "./incident/incident.ts";
import type { Ending } from "./reconcile.ts";

/** How long the end of a search is believed at first; twice as long each time that it ends alike, since a model is paid for each. */
const AT_FIRST = 10 * 60_000;
const AT_MOST = 6 * 3_600_000;
/** How long a repository without issues is believed to have none. */
const WITHOUT_ISSUES = 3_600_000;
const ENTRIES = 1_000;

/** A pull request or an issue, as far as tells whether anything about it changed. */
interface Thread {
  repository: string;
  number: number;
  updatedAt: string;
  comments: number;
}

/**
 * What this process did lately, so that the same incident on the same commit is not diagnosed again with every event of a crash loop. Losing it
 * costs one more look and nothing else: what must survive is on GitHub.
 */
export class Memory {
  readonly #now: () => number;
  readonly #endings = new Map<string, { ending: Ending; until: number; milliseconds: number }>();
  readonly #threads = new Map<string, string>();
  readonly #withoutIssues = new Map<string, number>();
  readonly #checks = new Map<string, "none" | "asked">();
  readonly #symptoms = new Map<string, Set<string>>();
  readonly #bases = new Map<string, number>();
  readonly #done = new Map<string, true>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How an incident ended lately, on the same commit of the branch. */
  ending(incident: Incident, commit: string): Ending | undefined {
    const known = this.#endings.get(`${incident.fingerprint}@${commit}`);
    return known && known.until > this.#now() ? known.ending : undefined;
  }

  remember(incident: Incident, commit: string, ending: Ending): Ending {
    const key = `${incident.fingerprint}@${commit}`;
    const last = this.#endings.get(key)?.milliseconds;
    const milliseconds = last === undefined ? AT_FIRST : Math.min(2 * last, AT_MOST);
    keep(this.#endings, key, { ending, until: this.#now() + milliseconds, milliseconds });
    return ending;
  }

  /** Somebody wants the search to begin anew. */
  forget(incident: Incident): void {
    for (const key of this.#endings.keys()) if (key.startsWith(`${incident.fingerprint}@`)) this.#endings.delete(key);
  }

  /** Whether a thread changed since {@link seen}: GitHub moves its time with every comment; the number of comments is for two within a second. */
  isNew(thread: Thread): boolean {
    return this.#threads.get(nameOf(thread)) !== stateOf(thread);
  }

  seen(thread: Thread): void {
    keep(this.#threads, nameOf(thread), stateOf(thread));
  }

  /** Whether a head has to be validated: `unknown` where this process has not looked yet, `asked` where a person wants it again. */
  demandFor(repository: string, headSha: string): "none" | "unknown" | "asked" {
    return this.#checks.get(`${repository}@${headSha}`) ?? "unknown";
  }

  checked(repository: string, headSha: string): void {
    keep(this.#checks, `${repository}@${headSha}`, "none");
  }

  /** Whether issues can be written in a repository, as far as was tried lately: asking in vain again and again is what GitHub suspends Apps for. */
  hasIssues(repository: string): boolean {
    return (this.#withoutIssues.get(repository) ?? 0) <= this.#now();
  }

  hasNoIssues(repository: string): void {
    keep(this.#withoutIssues, repository, this.#now() + WITHOUT_ISSUES);
  }

  /** Somebody asked for the check to run again. */
  askCheck(repository: string, headSha: string): void {
    keep(this.#checks, `${repository}@${headSha}`, "asked");
  }

  /** Whether an incident shows a kind of symptom that it never showed before; the first look is no news. */
  hasNews({ fingerprint, symptoms }: Incident): boolean {
    const known = this.#symptoms.get(fingerprint);
    const shown = symptoms.map(({ reason }) => reason);
    keep(this.#symptoms, fingerprint, new Set([...(known ?? []), ...shown]));
    return known !== undefined && shown.some((reason) => !known.has(reason));
  }

  /** True the first time that something with this name is due in this process: for what GitHub would tell, if it were asked. */
  isFirst(name: string): boolean {
    if (this.#done.has(name)) return false;
    keep(this.#done, name, true);
    return true;
  }

  /** Whether it is time to see whether the base of a pull request moved; says so once in `milliseconds`. */
  isBaseDue({ repository, number }: Pick<Thread, "repository" | "number">, milliseconds: number): boolean {
    const name = `${repository}#${number}`;
    if ((this.#bases.get(name) ?? 0) > this.#now()) return false;
    keep(this.#bases, name, this.#now() + milliseconds);
    return true;
  }

  /** A branch of the repository was pushed to. */
  baseMoved(repository: string): void {
    for (const name of this.#bases.keys()) if (name.startsWith(`${repository}#`)) this.#bases.delete(name);
  }
}

function nameOf({ repository, number }: Thread): string {
  return `${repository}#${number}`;
}

function stateOf({ updatedAt, comments }: Thread): string {
  return `${updatedAt} ${comments}`;
}

/** The newest entries stay. */
function keep<V>(entries: Map<string, V>, key: string, value: V): void {
  entries.delete(key);
  entries.set(key, value);
  for (const oldest of entries.keys()) {
    if (entries.size <= ENTRIES) return;
    entries.delete(oldest);
  }
}
