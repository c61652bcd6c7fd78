import type { KubeObject } from "../../src/cluster/objects.ts";
import type { Recording } from "./recording.ts";
import { heldBefore } from "./world.ts";

/**
 * What the controllers would report after delivering a merge that puts back what worked: the recorded state before the breaking push, under the merge's
 * SHA. A stand-in for a controller; the tests in test/cluster/ have real ones.
 */
export function healedState(recording: Recording, mergeSha: string): KubeObject[] {
  return JSON.parse(JSON.stringify(heldBefore(recording)).replaceAll(recording.scenario.good, mergeSha));
}
