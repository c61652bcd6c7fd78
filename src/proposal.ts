import type { NamedSource } from "./cluster/delivery-sources.ts";
import type { Cluster } from "./cluster/observation.ts";
import { type OperatorLimits, type Rules, rulesFor } from "./config/rules.ts";
import { type Book, QUIET } from "./pull-request/book.ts";
import { hasCheck } from "./pull-request/check-run.ts";
import { listOpen, type Proposal, readProposal } from "./pull-request/pulls.ts";
import type { Home } from "./reconcile.ts";
import { reviewProposal } from "./review-proposal.ts";
import type { FoundSettings } from "./settings.ts";
import { checkSettings } from "./settings-watch.ts";
import type { Repository } from "./source/git/repository.ts";
import type { Opener } from "./source/open.ts";

/** What looking at somebody's pull request needs. */
export interface ProposalParts {
  cluster: Pick<Cluster, "schemas" | "origin">;
  operator: OperatorLimits;
  settings: Book<FoundSettings>;
  workspace: Opener["workspace"];
  /** The deliveries of the cluster that come from a repository. Nothing of GitHub is asked for that. */
  deliveriesOf(repository: string): Promise<NamedSource[]>;
}

/** One pull request of anybody, in the repository that it is to be merged into. */
export interface ProposalCase {
  home: Home;
  repository: Repository;
  operator: OperatorLimits;
  proposal: Proposal;
  /** Somebody wants the checks again. */
  asked: boolean;
}

interface Given {
  home: Home;
  repository: Repository;
}

/** The checks of somebody's pull request: of the settings that it would bring, and with `validate: all` of what it would change in the cluster. */
export async function lookAtProposal(parts: ProposalParts, { home, repository }: Given, { pull, asked }: { pull: number; asked: boolean }): Promise<void> {
  const proposal = await readProposal(home.octokit, home.repository, pull);
  if (!proposal || proposal.author === home.botLogin) return;
  const standing = { home, repository, operator: parts.operator, proposal, asked };
  await checkSettings(standing);
  const asks = await whoAsks(parts, home.repository);
  if (asks) await reviewProposal(parts, standing, asks);
}

/**
 * The open pull requests that nobody looked at, since the setting or this process is new.
 * @returns their numbers, at most 100
 */
export async function unseenProposals(parts: ProposalParts, { octokit, repository, botLogin }: Home): Promise<number[]> {
  if (!(await whoAsks(parts, repository))) return [];
  const unseen: number[] = [];
  for (const { number, author, head } of await listOpen(octokit, repository)) {
    if (author !== botLogin && !(await hasCheck(octokit, repository, head))) unseen.push(number);
  }
  return unseen;
}

/** The repository's rules and deliveries, where `validate: all` asks for a review. A repository from which nothing is delivered here is not even asked for its settings. */
async function whoAsks(parts: ProposalParts, repository: string): Promise<{ rules: Rules; deliveries: NamedSource[] } | undefined> {
  const deliveries = await parts.deliveriesOf(repository);
  const found = deliveries.length > 0 ? await parts.settings.of(repository, QUIET) : undefined;
  const rules = found?.kind === "valid" ? rulesFor(parts.operator, found.settings) : undefined;
  return rules?.enabled && rules.validate === "all" ? { rules, deliveries } : undefined;
}
