import { type KubeObject, refOf, textAt } from "../cluster/objects.ts";
import type { Cluster } from "../cluster/observation.ts";
import type { Budget } from "./budget.ts";
import type { Representative } from "./container-items.ts";
import { type Draft, RANK } from "./draft.ts";
import { lastTimestamp, logExcerpt, withoutTimestamps } from "./log-excerpt.ts";

const TAIL_LINES = 200;
/** Logs that are asked for at most: each is one request. */
const LOGS = 8;

interface Wanted {
  pod: KubeObject;
  container: string;
  previous: boolean;
}

/**
 * Previous and current logs of the failing containers, read at once, and `hide` called on each before anything is cut out of it (a key without its first
 * line is not recognised). `unread` counts those that did not come in time.
 */
export async function logItems(
  cluster: Pick<Cluster, "logs">,
  containers: readonly Representative[],
  budget: Budget,
  hide: (text: string) => string,
  on?: string,
): Promise<{ drafts: Draft[]; unread: number }> {
  const wanted = containers
    .filter(({ hasRun }) => hasRun)
    .flatMap(({ pod, container, restarted }): Wanted[] => {
      const current = { pod, container, previous: false };
      return restarted ? [{ pod, container, previous: true }, current] : [current];
    });
  const asked = wanted.slice(0, LOGS);
  const logs = await Promise.all(asked.map((want) => inTime(read(cluster, want, on), budget.milliseconds)));
  const drafts = logs.flatMap((log, i) => {
    const want = asked[i];
    return want && log ? [draftOf(want, log, hide)] : [];
  });
  const unread = logs.filter((log) => log === undefined).length + wanted.length - asked.length;
  return { drafts: withoutRepetition(drafts.filter(({ text }) => text !== "")), unread };
}

/** What the kubelet answers, as if it were the log, where the runtime has thrown it away (pkg/kubelet/kuberuntime/logs). */
const NO_LOG = /^(?:\S{20,40} )?unable to retrieve container logs for \S{1,200}\s*$/;

/** A log that cannot be read is one piece of evidence less, not a reason to give up. */
async function read(cluster: Pick<Cluster, "logs">, { pod, container, previous }: Wanted, on: string | undefined): Promise<string | undefined> {
  try {
    const log = await cluster.logs(refOf(pod), container, { previous, tailLines: TAIL_LINES, on });
    return log !== undefined && NO_LOG.test(log) ? "" : log;
  } catch {
    return undefined;
  }
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function draftOf({ pod, container, previous }: Wanted, log: string, hide: (text: string) => string): Draft {
  const at = lastTimestamp(log);
  return {
    rank: previous ? RANK.previousLog : RANK.log,
    kind: "log",
    source: `pod ${textAt(pod, "metadata", "name")} container ${container}, ${previous ? "previous" : "current"} log`,
    object: refOf(pod),
    container,
    ...(at ? { at } : {}),
    text: logExcerpt(hide(withoutTimestamps(log))),
  };
}

/** The current log of a crash loop is often the previous one again. */
function withoutRepetition(drafts: readonly Draft[]): Draft[] {
  return drafts.filter((draft, i) => drafts.findIndex((other) => other.container === draft.container && other.text === draft.text) === i);
}
