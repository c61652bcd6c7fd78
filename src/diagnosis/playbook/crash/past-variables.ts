import { type Variable, variablesOf } from "../../environment.ts";
import { containerOf } from "../../workload.ts";
import type { CrashCase } from "./crash-case.ts";

/** What the container was given when all was well; empty where nobody knows. Without a good revision the ConfigMaps of today are all there is to know. */
export function pastVariables({ input, past, found }: CrashCase): Variable[] {
  const then = past && containerOf(past.object, found.name);
  return past && then ? variablesOf({ rendered: input.lastGood?.objects ?? input.rendered }, past.object, then) : [];
}
