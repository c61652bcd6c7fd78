import { at, isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../../source/edit/field-path.ts";
import { typingErrors } from "../../../source/edit/typing-errors.ts";
import { isOneName, nearMatch } from "../../near-match.ts";

/** A value that a pod asks of its node's label, and the one that the nodes have. */
export interface MeantLabel {
  key: string;
  /** Below the pod spec. */
  path: FieldPath;
  before: string;
  after: string;
}

/** Where the required node affinity of a pod spec stands. */
const TERMS = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];

/**
 * The one value of a node selector, or of a required node affinity, that is only misspelt: of the values that nodes have for this label one differs from it by case,
 * a separator or one typing error in a word, and with it a node takes the pod. Undefined where several do, since then it is no slip of the pen.
 */
export function misspeltLabel(podSpec: JsonObject, nodes: readonly KubeObject[]): MeantLabel | undefined {
  const labels = nodes.map((node) => objectAt(node, "metadata", "labels"));
  if (labels.some((one) => fits(podSpec, one))) return undefined;
  const meant = askedOf(podSpec).flatMap(({ key, path, before }): MeantLabel[] => {
    const values = new Set(labels.map((one) => textAt(one, key)).filter((value) => value !== ""));
    if (values.has(before)) return [];
    const [only, ...others] = [...values].filter((value) => isMisspelling(before, value) || isNoPlatform(key, before, value));
    return only !== undefined && others.length === 0 ? [{ key, path, before, after: only }] : [];
  });
  const [one, ...more] = meant;
  return one && more.length === 0 && nodes.some((node) => fits(podSpec, objectAt(node, "metadata", "labels"), one) && isOpen(podSpec, node)) ? one : undefined;
}

/** A node label that is asked for by a name which no node has. */
interface MeantKey {
  before: string;
  after: string;
  value: string;
  /** Below the pod spec. */
  changes: FieldChange[];
}

/** The one label of a node selector whose name is only misspelt: a node that takes the pod then has that value under a name which differs by one typing error. */
export function misspeltKey(podSpec: JsonObject, nodes: readonly KubeObject[]): MeantKey | undefined {
  const selector = objectAt(podSpec, "nodeSelector");
  const keys = new Set(nodes.flatMap((node) => Object.keys(objectAt(node, "metadata", "labels"))));
  const [unknown, ...others] = Object.keys(selector).filter((key) => !keys.has(key));
  if (unknown === undefined || others.length > 0) return undefined;
  const [value, after] = [textAt(selector, unknown), nearMatch(unknown, keys, 1)];
  if (value === "" || after === undefined || Object.hasOwn(selector, after)) return undefined;
  const { [unknown]: _, ...rest } = selector;
  const meant = { ...podSpec, nodeSelector: { ...rest, [after]: value } };
  if (!nodes.some((node) => fits(meant, objectAt(node, "metadata", "labels")) && isOpen(podSpec, node))) return undefined;
  const changes = [
    { path: ["nodeSelector", unknown], before: value, after: undefined },
    { path: ["nodeSelector", after], before: undefined, after: value },
  ];
  return { before: unknown, after, value, changes };
}

/** Whether the nodes where the pod wants to run are there, and all of them closed to it by their taints: then what it asks of its place is not to blame. */
export function onlyTaintedFit(podSpec: JsonObject, nodes: readonly KubeObject[]): boolean {
  const isAsked = Object.keys(objectAt(podSpec, "nodeSelector")).length > 0 || listAt(podSpec, ...TERMS).length > 0;
  const fitting = nodes.filter((node) => fits(podSpec, objectAt(node, "metadata", "labels")));
  return isAsked && fitting.length > 0 && !fitting.some((node) => isOpen(podSpec, node));
}

/** Whether one of these nodes has what the pod asks of its labels, and is open to it. */
export function isTakenBy(podSpec: JsonObject, nodes: readonly KubeObject[]): boolean {
  return nodes.some((node) => fits(podSpec, objectAt(node, "metadata", "labels")) && isOpen(podSpec, node));
}

/** Whether the pod tolerates what keeps others from the node (core/v1 Taint, Toleration). */
function isOpen(podSpec: JsonObject, node: KubeObject): boolean {
  const taints = listAt(node, "spec", "taints").filter((taint) => textAt(taint, "effect") !== "PreferNoSchedule");
  return taints.every((taint) =>
    listAt(podSpec, "tolerations").some((one) => {
      const [key, effect] = [textAt(one, "key"), textAt(one, "effect")];
      const isAny = textAt(one, "operator") === "Exists";
      const isKey = key === textAt(taint, "key") || (key === "" && isAny);
      return isKey && (effect === "" || effect === textAt(taint, "effect")) && (isAny || textAt(one, "value") === textAt(taint, "value"));
    }),
  );
}

/**
 * The one topology of a spread constraint, or of a required pod affinity, that no node has a label for, and whose key is only misspelt: one label that all nodes have
 * is called nearly so. Undefined where several are.
 */
export function misspeltTopology(podSpec: JsonObject, nodes: readonly KubeObject[]): MeantLabel | undefined {
  const [first, ...rest] = nodes.map((node) => Object.keys(objectAt(node, "metadata", "labels")));
  if (!first) return undefined;
  const everywhere = first.filter((key) => rest.every((keys) => keys.includes(key)));
  const unknown = TOPOLOGIES.flatMap((list) =>
    listAt(podSpec, ...list).flatMap((one, i): MeantLabel[] => {
      const before = textAt(one, "topologyKey");
      if (before === "" || textAt(one, "whenUnsatisfiable") === "ScheduleAnyway" || [first, ...rest].some((keys) => keys.includes(before))) return [];
      const after = nearMatch(before, everywhere, 1);
      return [{ key: before, path: [...list, i, "topologyKey"], before, after: after ?? "" }];
    }),
  );
  const [only, ...others] = unknown;
  return only && only.after !== "" && others.length === 0 ? only : undefined;
}

const TOPOLOGIES = [["topologySpreadConstraints"], ["affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]];

function askedOf(podSpec: JsonObject): Omit<MeantLabel, "after">[] {
  const selector = Object.entries(objectAt(podSpec, "nodeSelector")).map(([key, value]) => ({ key, path: ["nodeSelector", key], before: value }));
  const terms = listAt(podSpec, ...TERMS).flatMap((term, i) =>
    listAt(term, "matchExpressions").flatMap((expression, j) => {
      const values = textAt(expression, "operator") === "In" ? listAt(expression, "values") : [];
      return values.map((before, k) => ({ key: textAt(expression, "key"), path: [...TERMS, i, "matchExpressions", j, "values", k], before }));
    }),
  );
  return [...selector, ...terms].flatMap(({ key, path, before }) => (typeof before === "string" && before !== "" ? [{ key, path, before }] : []));
}

/** Whether the node's labels satisfy the selector and one term of the affinity (core/v1 NodeSelectorTerm), with a value corrected. */
function fits(podSpec: JsonObject, node: JsonObject, meant?: MeantLabel): boolean {
  const asked = (key: string, value: Json): Json => (meant && meant.key === key && meant.before === value ? meant.after : value);
  const terms = listAt(podSpec, ...TERMS);
  const isSelected = Object.entries(objectAt(podSpec, "nodeSelector")).every(([key, value]) => node[key] === asked(key, value));
  const holds = (expression: Json) => {
    const key = textAt(expression, "key");
    return satisfies(
      node[key],
      textAt(expression, "operator"),
      listAt(expression, "values").map((value) => asked(key, value)),
    );
  };
  return isSelected && (terms.length === 0 || terms.some((term) => isPlain(term) && listAt(term, "matchExpressions").every(holds)));
}

/** Fields of a node are not known here: a term that asks for them counts as one that no node satisfies, and so does an empty one, as the scheduler says. */
function isPlain(term: Json): boolean {
  return isObject(term) && listAt(term, "matchFields").length === 0 && listAt(term, "matchExpressions").length > 0;
}

function satisfies(label: Json | undefined, operator: string, values: readonly Json[]): boolean {
  if (operator === "In") return label !== undefined && values.includes(label);
  if (operator === "NotIn") return label === undefined || !values.includes(label);
  if (operator === "Exists") return label !== undefined;
  if (operator === "DoesNotExist") return label === undefined;
  const [a, b] = [Number(label), Number(at(values[0]))];
  return operator === "Gt" ? a > b : operator === "Lt" && a < b;
}

/** A zone, a size or a generation that differs in a letter is another one (`eu-1a`, `m5`): only a word of this many letters can be misspelt. */
const SHORTEST_WORD = 5;

/** The same but for case and separators, or one typing error in one longer word; numbers and short words are the same. */
function isMisspelling(wrong: string, right: string): boolean {
  if (wrong.toLowerCase() === right.toLowerCase()) return wrong !== right;
  if (isOneName(wrong, right)) return true;
  const [was, is] = [wrong, right].map((value) => value.toLowerCase().match(/[a-z]+|[^a-z]+/g) ?? []);
  if (!was || !is || was.length !== is.length) return false;
  const differing = was.flatMap((word, i) => (word === is[i] ? [] : [[word, is[i] ?? ""] as const]));
  return (
    differing.length === 1 && differing.every(([a, b]) => /^[a-z]+$/.test(a + b) && Math.min(a.length, b.length) >= SHORTEST_WORD && typingErrors(a, b) === 1)
  );
}

/** What the kubelet writes into these labels: Go's names (GOARCH, GOOS) of what Kubernetes is built for. */
const PLATFORMS: Readonly<Record<string, ReadonlySet<string>>> = {
  "kubernetes.io/arch": new Set(["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "loong64", "mips64le"]),
  "kubernetes.io/os": new Set(["linux", "windows", "darwin", "freebsd"]),
};

/** A platform that there is not can only be misspelt, though a number is (`amd46`). */
function isNoPlatform(key: string, wrong: string, right: string): boolean {
  const known = Object.hasOwn(PLATFORMS, key) ? PLATFORMS[key] : undefined;
  if (!known?.has(right) || known.has(wrong)) return false;
  return wrong.length < 20 && nearMatch(wrong, known, 1) === right;
}
