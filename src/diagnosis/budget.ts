/** What models may cost, in tokens: questions and answers together. */
export interface TokenLimits {
  /** All attempts at one incident. */
  perIncident: number;
  /** All incidents of one day (UTC). */
  perDay: number;
}

/** How many incidents are remembered; older ones start again with a full budget. */
const REMEMBERED = 1000;

/** What models have cost so far. In memory: a restart forgets it, so an incident may spend its budget once more after one. */
export class Spending {
  readonly #limits: TokenLimits;
  readonly #now: () => Date;
  readonly #byIncident = new Map<string, number>();
  #today = { day: "", tokens: 0 };

  constructor(limits: TokenLimits, now: () => Date) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Why this many tokens more must not be spent on an incident; undefined where they may. */
  objection(incident: string, tokens: number): string | undefined {
    const { perIncident, perDay } = this.#limits;
    if ((this.#byIncident.get(incident) ?? 0) + tokens > perIncident) return `the incident's budget of ${perIncident} tokens is used up`;
    return this.#day().tokens + tokens > perDay ? `the day's budget of ${perDay} tokens is used up; it starts anew at midnight UTC` : undefined;
  }

  spend(incident: string, tokens: number): void {
    this.#day().tokens += tokens;
    const spent = (this.#byIncident.get(incident) ?? 0) + tokens;
    this.#byIncident.delete(incident);
    this.#byIncident.set(incident, spent);
    const [oldest] = this.#byIncident.keys();
    if (this.#byIncident.size > REMEMBERED && oldest !== undefined) this.#byIncident.delete(oldest);
  }

  #day(): { day: string; tokens: number } {
    const day = this.#now().toISOString().slice(0, 10);
    if (this.#today.day !== day) this.#today = { day, tokens: 0 };
    return this.#today;
  }
}
