import type { Observation } from "./cluster/observation.ts";
import type { Incident } from "./incident/incident.ts";
import { rendersAlike } from "./source/compare.ts";
import type { OpenedSource } from "./source/open.ts";

/** Whether the branch has moved on since what is deployed, in a way that matters to the failing object: then its delivery comes first. */
export async function movedOn(source: OpenedSource, observation: Observation, incident: Incident): Promise<boolean> {
  const deployed = observation.revisions.attempted;
  if (!deployed || deployed === source.head.tree.commit) return false;
  const commit = await source.repository.resolve(deployed);
  if (!commit || commit === source.head.tree.commit) return false;
  return !(await rendersAlike(source.open(await source.repository.tree(commit)), source.head, incident.target));
}
