import type { Json } from "../../../cluster/objects.ts";
import { type FieldPath, getIn } from "../../../source/edit/field-path.ts";

/** What a Pod Security level wants of a `securityContext`: one field, in the containers that it names, in the pod's own, or in either of the two. */
export interface Demand {
  containers: readonly string[];
  /** `either`: the pod's own context may say it for its containers. */
  pod: "not" | "also" | "either";
  /** Below the securityContext. */
  path: readonly string[];
  /** What would do, given what is there; undefined to leave the field out. Never looser than that. */
  tightened(value: Json | undefined): Json | undefined;
}

const always = (wanted: Json | undefined) => () => wanted;

/** The demands of both levels that a field answers (k8s.io/pod-security-admission, policy/check_*.go), in the words of the API server. */
const DEMANDS: readonly [RegExp, path: readonly string[], tightened: Demand["tightened"]][] = [
  [/^must set securityContext\.allowPrivilegeEscalation=false$/, ["allowPrivilegeEscalation"], always(false)],
  [/^must set securityContext\.capabilities\.drop=\["ALL"\]$/, ["capabilities", "drop"], always(["ALL"])],
  [/^must set securityContext\.seccompProfile\.type to "RuntimeDefault"/, ["seccompProfile", "type"], always("RuntimeDefault")],
  [/^must not set securityContext\.seccompProfile\.type to "Unconfined"$/, ["seccompProfile", "type"], always("RuntimeDefault")],
  [/^must (?:set securityContext\.runAsNonRoot=true|not set securityContext\.runAsNonRoot=false)$/, ["runAsNonRoot"], always(true)],
  [/^must not set securityContext\.privileged=true$/, ["privileged"], always(false)],
  [/^must not set securityContext\.procMount to "Unmasked"$/, ["procMount"], always(undefined)],
];
const NOT_ADDED = /^must not include ((?:"\w{1,60}"(?:, )?){1,50}) in securityContext\.capabilities\.add$/;

/** `reason (detail), reason (detail)`, each detail one or several sentences. */
const GROUP = /^([^()]{1,200}) \(([^()]{1,1500})\)(?:, |\.?$)/;
const SENTENCE = /^(?:(pod)(?: (or|and) |(?= must)))?(?:containers? ((?:"[^"]{1,63}"(?:, )?){1,50}))? ?(must .{1,800})$/;

/** All that a refusal demands; undefined where a part of it is not understood, since to answer only the rest would help nobody. */
export function demandsOf(refusal: string): Demand[] | undefined {
  const demands: Demand[] = [];
  let rest = refusal.trim();
  while (rest !== "") {
    const [all, , details = ""] = GROUP.exec(rest) ?? [];
    const found = all === undefined ? [undefined] : details.split("; ").map(demandOf);
    for (const demand of found) {
      if (!demand) return undefined;
      demands.push(demand);
    }
    rest = rest.slice(all?.length ?? rest.length);
  }
  return demands;
}

function demandOf(sentence: string): Demand | undefined {
  const [, pod, joint, names = "", words = ""] = SENTENCE.exec(sentence) ?? [];
  const containers = quoted(names);
  if (pod === undefined && containers.length === 0) return undefined;
  const place: Pick<Demand, "containers" | "pod"> = { containers, pod: pod === undefined ? "not" : joint === "or" ? "either" : "also" };
  const added = NOT_ADDED.exec(words)?.[1];
  if (added !== undefined) return { ...place, path: ["capabilities", "add"], tightened: (value) => without(value, quoted(added)) };
  const known = DEMANDS.find(([pattern]) => pattern.test(words));
  return known && { ...place, path: known[1], tightened: known[2] };
}

/** The containers that a refusal names, whatever it says of them. */
export function containersNamed(refusal: string): string[] {
  const lists = [...refusal.matchAll(/\bcontainers? ((?:"[^"]{1,63}"(?:, )?){1,50})/g)];
  return [...new Set(lists.flatMap(([, names = ""]) => quoted(names)))];
}

function quoted(list: string): string[] {
  return [...list.matchAll(/"([^"]{1,63})"/g)].map(([, name = ""]) => name);
}

function without(value: Json | undefined, gone: readonly string[]): Json | undefined {
  const kept = Array.isArray(value) ? value.filter((one) => !gone.includes(String(one))) : [];
  return kept.length > 0 ? kept : undefined;
}

/** Whether what a field of a securityContext had, or that it was not there, is what the demand is about. */
export function answers(demand: Demand, path: FieldPath, value: Json | undefined): boolean {
  const at = path.lastIndexOf("securityContext");
  const below = path.slice(at + 1);
  const isAbove = at >= 0 && below.every((segment, i) => segment === demand.path[i]);
  return isAbove && (value === undefined || getIn(value, demand.path.slice(below.length)) !== undefined);
}
