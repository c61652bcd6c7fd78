import { type Bounds, boundsSettings, tighten } from "./bounds.ts";
import type { Policy } from "./policies.ts";
import type { Choice, RepositorySettings } from "./repository.ts";

export type Engine = "playbook" | "auto" | "model";

/** What the operator allows, of what a repository may restrict. */
export interface OperatorLimits {
  bounds: Bounds;
  engine: Engine;
  /** At most so many pull requests of the bot in one repository: open at once, and opened within an hour. */
  caps: Caps;
  kinds?: readonly string[];
  failureClasses?: readonly string[];
}

export interface Caps {
  open: number;
  perHour: number;
}

/** What holds for one repository: its settings, as far as the operator's allow them. Everything that is not said has its default here. */
export interface Rules {
  enabled: boolean;
  deliveries: Choice;
  paths: Choice;
  kinds: Choice;
  failureClasses: Choice;
  bounds: Bounds;
  /** The team's own; there are none of the operator. */
  policies: readonly Policy[];
  engine: Engine;
  caps: Caps;
  pullRequests: { labels: readonly string[]; reviewers: readonly string[]; assignees: readonly string[]; draft: boolean };
  quietHours: RepositorySettings["quietHours"];
  validate: "own" | "all";
}

/** From the least that is sent to a model to the most. */
const ENGINES: readonly Engine[] = ["playbook", "auto", "model"];

/** A repository only ever restricts: of every two values the stricter one counts. */
export function rulesFor(operator: OperatorLimits, settings: RepositorySettings): Rules {
  const { deliveries = {}, paths = {}, kinds = {}, classes = {}, pullRequests = {} } = settings;
  const { labels = [], reviewers = [], assignees = [], draft = false } = pullRequests;
  return {
    enabled: settings.enabled ?? true,
    deliveries,
    paths,
    kinds: narrowed(kinds, operator.kinds),
    failureClasses: narrowed(classes, operator.failureClasses),
    bounds: tighten(operator.bounds, settings.bounds),
    policies: settings.policies ?? [],
    engine: ENGINES.find((engine) => engine === operator.engine || engine === settings.engine) ?? "playbook",
    caps: { open: least(operator.caps.open, pullRequests.maxOpen), perHour: least(operator.caps.perHour, pullRequests.maxPerHour) },
    pullRequests: { labels, reviewers, assignees, draft },
    quietHours: settings.quietHours,
    validate: settings.validate ?? "own",
  };
}

/** Whether a choice has room for something; `fits` compares it with one entry. */
export function permits({ only, never = [] }: Choice, fits: (entry: string) => boolean): boolean {
  return (only === undefined || only.some(fits)) && !never.some(fits);
}

/** Where something is wished, what, and what counts. */
type Wish = [path: readonly string[], wish: string | number | undefined, counts: string | number];

/** Settings that change nothing, since the operator's are stricter: worth a remark to whoever wrote them. */
export function overruled(operator: OperatorLimits, settings: RepositorySettings): { path: readonly string[]; message: string }[] {
  const { bounds, engine, caps } = rulesFor(operator, settings);
  const { maxOpen, maxPerHour } = settings.pullRequests ?? {};
  const wished: Wish[] = [
    ...boundsSettings.keyof().options.map((name): Wish => [["bounds", name], settings.bounds?.[name], bounds[name]]),
    [["engine"], settings.engine, engine],
    [["pullRequests", "maxOpen"], maxOpen, caps.open],
    [["pullRequests", "maxPerHour"], maxPerHour, caps.perHour],
  ];
  return wished.flatMap(([path, wish, counts]) =>
    wish === undefined || wish === counts
      ? []
      : [{ path, message: `${path.join(".")} has no effect: the operator's configuration is stricter, and ${counts} counts.` }],
  );
}

function narrowed({ only, never }: Choice, allowed: readonly string[] | undefined): Choice {
  const both = allowed && only ? only.filter((one) => allowed.includes(one)) : (only ?? allowed);
  return { ...(both ? { only: both } : {}), ...(never ? { never } : {}) };
}

function least(operator: number, wished: number | undefined): number {
  return Math.min(operator, wished ?? operator);
}
