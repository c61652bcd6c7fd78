import { withoutHash } from "../../../source/plan/differences.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { configMapIn, pastConfigMap } from "../../history.ts";
import { escalate, type Statement } from "../entry.ts";
import { referencesOf } from "./references.ts";

/**
 * Where several workloads agree on a name, and nobody reads the map with a name like it, which was not there before: it is the map's own name that is misspelt.
 * Names of objects the bot does not change, and a reference that follows a slip only spreads it.
 */
export function misspeltItself(input: DiagnosisInput, statement: Statement, name: string, map: string): Finding | undefined {
  const { namespace } = statement.object;
  const readers = (wanted: string) =>
    input.rendered.filter((object) => referencesOf(object).some((one) => one.kind === "ConfigMap" && withoutHash(one.name) === withoutHash(wanted)));
  const isNew = pastConfigMap(input, namespace, name) === undefined && pastConfigMap(input, namespace, map) === undefined;
  // A map of another delivery was called so until lately: that is no slip, and who reads it follows.
  const isElsewhere = !configMapIn(input.rendered, namespace, map);
  if (!isNew || isElsewhere || readers(name).length < 2 || readers(map).length > 0) return undefined;
  return escalate(
    statement,
    `all ${readers(name).length} readers ask for ${name}, and it is rather the ConfigMap ${map} whose name is misspelt`,
    `Call ConfigMap ${map} ${name}, as all who read it do, or let all of them follow.`,
  );
}
