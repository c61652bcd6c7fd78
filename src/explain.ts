import { sameRef } from "./cluster/objects.ts";
import { consider } from "./diagnosis/considered.ts";
import type { Standing } from "./follow-up.ts";
import { pastOf } from "./incident/earlier-revisions.ts";
import { type Explanation, renderExplanation } from "./pull-request/explanation.ts";
import type { OurIssue, OurPull } from "./pull-request/pull.ts";
import type { ReconcileParts } from "./reconcile.ts";
import { diagnosisInput } from "./repair.ts";
import { readHistory } from "./source/history.ts";
import { openSource } from "./source/open.ts";

/** What is known of a failure now, what speaks for the diagnosis, and what was ruled out; read afresh, without asking a model and without changing anything. */
export async function explain(parts: ReconcileParts, { observation, incidents }: Standing, thread: OurPull | OurIssue): Promise<string> {
  const { attempts, target, fingerprint } = thread;
  const incident = incidents.find((one) => one.fingerprint === fingerprint) ?? incidents.find((one) => sameRef(one.target, target));
  const known: Explanation = { attempts, ...("failureClass" in thread ? { failureClass: thread.failureClass } : {}) };
  if (!incident) return renderExplanation(known);
  const source = await openSource(observation.source, parts.opener);
  if (source.kind === "refused") return renderExplanation({ ...known, incident });
  const { repository, head: workspace, open } = source;
  const history = await readHistory({ repository, head: workspace, ...pastOf(observation, incident.target, incident.since), open });
  const input = await diagnosisInput(parts, { incident, observation, workspace, history, tried: [] });
  return renderExplanation({ ...known, incident, considered: consider(input) });
}
