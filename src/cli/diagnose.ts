import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect } from "../cluster/client.ts";
import { type DeliveryKey, type DeliveryKind, formatKey, parseKey } from "../cluster/delivery.ts";
import type { Cluster } from "../cluster/observation.ts";
import { clusterThrough } from "../cluster/observe.ts";
import { remoteClusters } from "../cluster/remote-clusters.ts";
import { parseOperatorConfig } from "../config/operator.ts";
import { type Rules, rulesFor } from "../config/rules.ts";
import { AutofixError } from "../errors.ts";
import { draftOf, wordsOf } from "../hand-over.ts";
import { pastOf } from "../incident/earlier-revisions.ts";
import { identify } from "../incident/identify.ts";
import { branchOf, type Incident, isDoubtful } from "../incident/incident.ts";
import { decideWindow } from "../incident/window.ts";
import { createNeighbours, createRepairParts, createWorkspaces } from "../parts.ts";
import { whyDeliveryIsOff, whyIncidentIsOff, whyRepairIsOff } from "../permission.ts";
import { renderBody, renderTitle } from "../pull-request/body.ts";
import { renderEscalation, renderEscalationTitle } from "../pull-request/issue.ts";
import { findRepair } from "../repair.ts";
import { problemWords, readSettings, refuseUnknownWords } from "../settings.ts";
import { unifiedDiff } from "../source/edit/patch.ts";
import { openCheckout } from "../source/git/checkout.ts";
import { readHistory } from "../source/history.ts";
import { openSource } from "../source/open.ts";

export const DIAGNOSE_HELP = `kube-autofix diagnose --delivery NAMESPACE/NAME --checkout DIR [options]

  --delivery NAMESPACE/NAME   the Argo CD Application, Flux Kustomization or HelmRelease
  --kind KIND                 which of these, where several have that name
  --checkout DIR              a checkout of the repository that it delivers
  --kubeconfig FILE           the cluster to read; KUBECONFIG or the current context otherwise
  --now                       do not wait until the failure's window is over
  --json                      print the result as JSON

Reads the cluster and the checkout, its .github/autofix.yml too, and prints the pull request (or the issue) that would be opened. Needs no GitHub.
Exit code: 0 a fix is printed, 1 no safe fix (the reason is printed), 2 wrong usage, 3 nothing to do.
`;

export interface CliSurroundings {
  env: Record<string, string | undefined>;
  print(text: string): void;
  now(): Date;
}

interface Result {
  outcome: "fix" | "escalate" | "nothing";
  delivery: string;
  target?: string;
  failureClass?: string;
  rootCause?: string;
  title?: string;
  branch?: string;
  body?: string;
  diff?: string;
  reason?: string;
}

const EXIT = { fix: 0, escalate: 1, nothing: 3 } as const;

/** The dry run: the same story as the App's, without GitHub. @returns the process's exit code */
export async function diagnoseCommand(args: readonly string[], around: CliSurroundings): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    around.print(DIAGNOSE_HELP);
    return 0;
  }
  const results = await diagnose(options, around);
  around.print(options.json ? JSON.stringify(results, null, 2) : results.map(asText).join("\n\n"));
  return Math.min(...results.map(({ outcome }) => EXIT[outcome]));
}

type Options = ReturnType<typeof readOptions>;

function readOptions(args: readonly string[]) {
  const parsed = parse(args);
  const { delivery, checkout, kubeconfig, kind, now, json, help } = parsed;
  if (help) return { help, delivery: "", checkout: "", json: false, now: false };
  if (!delivery || !checkout) throw new AutofixError("cli/usage", "diagnose needs --delivery NAMESPACE/NAME and --checkout DIR; --help says more.");
  return { delivery, checkout, kubeconfig, kind, now: now ?? false, json: json ?? false, help: false };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const options = { delivery: text, checkout: text, kubeconfig: text, kind: text, now: flag, json: flag, help: flag };
    return parseArgs({ args: [...args], options }).values;
  } catch (thrown) {
    throw new AutofixError("cli/usage", `${thrown instanceof Error ? thrown.message : String(thrown)} (diagnose --help lists the options)`);
  }
}

async function diagnose(options: Options, around: CliSurroundings): Promise<Result[]> {
  const config = parseOperatorConfig(around.env);
  refuseUnknownWords(config);
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const kubeconfig = options.kubeconfig ?? config.kubeconfig;
  const client = connect(kubeconfig, config.kubeContext);
  const cluster = clusterThrough(client, { log, now: around.now, remotes: remoteClusters(config.clusters, kubeconfig) });
  const key = await findDelivery(cluster, options);
  const observation = await cluster.observe(key);
  if (!observation) throw new AutofixError("cli/usage", `There is no ${formatKey(key)} in this cluster.`);
  const incidents = identify(observation);
  const delivery = formatKey(key);
  if (incidents.length === 0) return [{ outcome: "nothing", delivery, reason: `nothing fails; the delivery is ${observation.state.kind}` }];
  const repository = await openCheckout(options.checkout);
  const found = await readSettings(repository);
  if (found.kind === "invalid") return found.problems.map((problem) => ({ outcome: "nothing", delivery, reason: problemWords(problem) }));
  const rules = rulesFor(config, found.settings);
  const off = whyDeliveryIsOff(rules, observation);
  if (off) return [{ outcome: "nothing", delivery, reason: off }];
  const parts = {
    ...createRepairParts({ ...config, engine: rules.engine, bounds: rules.bounds }, { cluster, now: around.now }),
    policies: rules.policies,
  };
  const neighbours = createNeighbours(client, cluster, () => around.now().getTime());
  const workspaces = createWorkspaces({ ...config, cache: rendererCache(around.env) }, neighbours);

  async function settle(incident: Incident): Promise<Result> {
    const about = { delivery, target: `${incident.target.kind} ${incident.target.namespace}/${incident.target.name}` };
    const leftAlone = whyIncidentIsOff(rules, incident);
    if (leftAlone) return { ...about, outcome: "nothing", reason: leftAlone };
    const window = decideWindow(incident, observed, around.now(), { scale: options.now ? 0 : 1 });
    if (window.kind === "wait") return { ...about, outcome: "nothing", reason: `still waiting ${Math.ceil(window.milliseconds / 1000)} s: ${window.why}` };
    const source = await openSource(withLocalBranch(observed.source), { repository: async () => repository, workspace: workspaces });
    const escalation = (why: Parameters<typeof wordsOf>[1]): Result => {
      const words = { incident, repository: repository.name, ...wordsOf(incident, why) };
      const { failureClass, rootCause, reason } = words;
      return { ...about, outcome: "escalate", failureClass, rootCause, reason, title: renderEscalationTitle(words), body: renderEscalation(words) };
    };
    if (source.kind === "refused") return unwanted(about, rules, source) ?? escalation(source);
    const { head, open } = source;
    const history = await readHistory({ repository, head, ...pastOf(observed, incident.target, incident.since), open });
    const repair = await findRepair(parts, { incident, observation: observed, workspace: head, history, tried: [] });
    if (repair.kind !== "approved" && isDoubtful(incident))
      return { ...about, outcome: "nothing", reason: "what looks odd in the cluster may be as intended, and git shows no fix" };
    const left = unwanted(about, rules, repair);
    if (left) return left;
    if (repair.kind !== "approved") return escalation(repair);
    const draft = draftOf({ incident, observation: observed, source, history, repair, attempts: [] });
    const { failureClass, rootCause } = repair.diagnosis.proposal;
    const diff = unifiedDiff(repair.change.files);
    return { ...about, outcome: "fix", failureClass, rootCause, title: renderTitle(draft), branch: branchOf(incident), body: renderBody(draft), diff };
  }

  const observed = observation;
  const results: Result[] = [];
  for (const incident of incidents) results.push(await settle(incident));
  return results;
}

/** The repository's settings count here as in the App: what they leave alone is not proposed. */
function unwanted(about: Pick<Result, "delivery" | "target">, rules: Rules, repair: Parameters<typeof whyRepairIsOff>[1]): Result | undefined {
  const reason = whyRepairIsOff(rules, repair);
  return reason ? { ...about, outcome: "nothing", reason } : undefined;
}

/** The working tree is the branch: whatever is checked out is what a fix would be based on. */
function withLocalBranch<S extends { kind: string }>(source: S): S {
  return source.kind === "git" ? { ...source, branch: "HEAD" } : source;
}

async function findDelivery(cluster: Cluster, { delivery, kind }: Options): Promise<DeliveryKey> {
  const [namespace, name, ...rest] = delivery.split("/");
  if (!namespace || !name || rest.length > 0) throw new AutofixError("cli/usage", `--delivery "${delivery}" is not NAMESPACE/NAME.`);
  if (kind) {
    const key = parseKey(`${kind}/${namespace}/${name}`);
    if (!key) throw new AutofixError("cli/usage", `--kind "${kind}" is none of Application, Kustomization, HelmRelease.`);
    return key;
  }
  const found = (await cluster.deliveries()).filter((key) => key.namespace === namespace && key.name === name);
  const [first] = found;
  if (first && found.length === 1) return first;
  const kinds: DeliveryKind[] = found.map((key) => key.kind);
  throw new AutofixError(
    "cli/usage",
    first ? `${delivery} is ambiguous: choose with --kind ${kinds.join(" or ")}.` : `This cluster has no delivery ${delivery}.`,
  );
}

/** `$XDG_CACHE_HOME/kube-autofix/bin`, where a renderer may be kept that is not on PATH. */
function rendererCache(env: CliSurroundings["env"]): string {
  return join(env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), ".cache"), "kube-autofix", "bin");
}

function asText(result: Result): string {
  if (result.outcome === "nothing") return `Nothing to do for ${result.delivery}: ${result.reason}.`;
  if (result.outcome === "escalate") return `No safe fix; this issue would be opened:\n\n# ${result.title}\n\n${result.body}`;
  return `This pull request would be opened from branch ${result.branch}:\n\n# ${result.title}\n\n${result.body}\n\n${result.diff}`;
}
