// Differences that no honest fix of any class needs: one of them and the whole proposal is refused, not just put back.
// They are judged by field name and value, so that they are found in manifests, patches and values files alike.
import { isObject, type Json } from "../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../source/edit/field-path.ts";
import { isControlKey } from "./control-keys.ts";
import { CONTAINER_LISTS } from "./pod-template.ts";

export interface Danger {
  rule: string;
  message: string;
}

interface Leaf {
  /** Names of the fields on the way, without list items. */
  keys: readonly string[];
  key: string;
  value: Json;
}

type Check = (leaf: Leaf) => boolean;

const isTrue = (value: Json): boolean => value === true || (typeof value === "string" && ["true", "yes", "on", "y", "1"].includes(value.toLowerCase()));
const isFalse = (value: Json): boolean => value === false || (typeof value === "string" && ["false", "no", "off", "n", "0"].includes(value.toLowerCase()));
const isZero = (value: Json): boolean => Number(value) === 0 && value !== "" && value !== null && typeof value !== "object";
const named =
  (...names: readonly string[]): Check =>
  ({ key }) =>
    names.includes(key);
const below =
  (...names: readonly string[]): Check =>
  ({ keys }) =>
    keys.some((key) => names.includes(key));
const both =
  (a: Check, b: (value: Json) => boolean): Check =>
  (leaf) =>
    a(leaf) && b(leaf.value);
const says =
  (...values: readonly string[]) =>
  (value: Json): boolean =>
    typeof value === "string" && values.includes(value);

const ADDED: readonly [rule: string, message: string, check: Check][] = [
  ["privileged", "makes a container privileged", both(named("privileged", "hostProcess"), isTrue)],
  ["privilege-escalation", "allows privilege escalation", both(named("allowPrivilegeEscalation"), isTrue)],
  ["capability-added", "adds Linux capabilities", ({ keys }) => keys.includes("capabilities") && keys.includes("add")],
  ["host-namespace", "shares a namespace of the host or between containers", both(named("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"), isTrue)],
  ["host-path", "mounts a path of the node", below("hostPath")],
  ["host-port", "opens a port of the node", both(named("hostPort"), (value) => !isZero(value))],
  ["root-user", "runs as root", both(named("runAsUser", "runAsGroup"), isZero)],
  ["root-allowed", "allows running as root", both(named("runAsNonRoot"), isFalse)],
  ["writable-root", "makes the root filesystem writable", both(named("readOnlyRootFilesystem"), isFalse)],
  [
    "unconfined",
    "switches a kernel confinement off",
    both(below("seccompProfile", "appArmorProfile", "procMount"), says("Unconfined", "Unmasked", "unconfined")),
  ],
  ["kernel-setting", "sets SELinux options or sysctls", below("seLinuxOptions", "sysctls")],
  ["token-mounted", "mounts the service account's token", both(named("automountServiceAccountToken"), isTrue)],
  ["finalizer", "sets finalizers or owner references", below("finalizers", "ownerReferences")],
  ["gitops-annotation", "changes how Argo CD, Flux, Helm or the kernel's confinement treat the object", ({ keys }) => keys.some(isControlKey)],
  ["control-plane", "lets pods run on control plane nodes", (leaf) => below("tolerations")(leaf) || namesControlPlane(leaf)],
  ["system-priority", "takes a system priority class", both(named("priorityClassName"), (value) => typeof value === "string" && value.startsWith("system-"))],
  ["node-pinned", "pins pods to one node", named("nodeName")],
  ["lifecycle-hook", "adds a lifecycle hook", below("lifecycle")],
  ["mount-propagation", "propagates mounts to the node", both(named("mountPropagation"), says("Bidirectional", "HostToContainer"))],
  ["mount-expression", "computes a mount's path from the environment", named("subPathExpr")],
  ["probe-host", "sends a probe elsewhere", (leaf) => leaf.key === "host" && leaf.keys.some((key) => key.endsWith("Probe"))],
  [
    "exposed",
    "exposes a Service outside of the cluster",
    (leaf) =>
      below("externalIPs", "externalName", "loadBalancerIP")(leaf) || (leaf.key === "type" && says("LoadBalancer", "NodePort", "ExternalName")(leaf.value)),
  ],
  [
    "loader-variable",
    "sets a variable that loads code into the program",
    (leaf) => typeof leaf.value === "string" && leaf.key === "name" && LOADERS.has(leaf.value),
  ],
  // Windows: which account a container runs as, and with whose credentials.
  ["windows-identity", "changes whom a Windows container runs as", both(below("windowsOptions"), (value) => !isFalse(value))],
  // Kustomize and Kubernetes read these in a patch as orders ($patch: delete, $retainKeys …).
  ["patch-directive", "gives a patch an order", ({ keys }) => keys.some((key) => key.startsWith("$"))],
  ["prototype", "has a field that no Kubernetes object has", below("__proto__", "constructor", "prototype")],
];

export const LOADERS = new Set([
  "LD_PRELOAD",
  "LD_LIBRARY_PATH",
  "LD_AUDIT",
  "PATH",
  "BASH_ENV",
  "PYTHONPATH",
  "PYTHONSTARTUP",
  "NODE_OPTIONS",
  "NODE_PATH",
  "JAVA_TOOL_OPTIONS",
  "_JAVA_OPTIONS",
  "JDK_JAVA_OPTIONS",
  "PERL5OPT",
  "PERL5LIB",
  "RUBYOPT",
  "RUBYLIB",
  "GIT_SSH_COMMAND",
  "PROMPT_COMMAND",
  "DYLD_INSERT_LIBRARIES",
]);

function namesControlPlane({ keys, value }: Leaf): boolean {
  return [...keys, typeof value === "string" ? value : ""].some((text) => text.startsWith("node-role.kubernetes.io/"));
}

/** Fields whose disappearance is as bad as a bad value. */
const REMOVED: readonly [rule: string, message: string, check: (keys: readonly string[], before: Json) => boolean][] = [
  ["probe-removed", "removes a probe", (keys, before) => mentions(keys, before, "livenessProbe", "readinessProbe", "startupProbe")],
  ["root-allowed", "drops runAsNonRoot", (keys, before) => mentions(keys, before, "runAsNonRoot")],
  ["writable-root", "drops readOnlyRootFilesystem", (keys, before) => mentions(keys, before, "readOnlyRootFilesystem")],
  ["privilege-escalation", "drops allowPrivilegeEscalation", (keys, before) => mentions(keys, before, "allowPrivilegeEscalation")],
  ["capability-kept", "no longer drops capabilities", (keys, before) => mentions(keys, before, "drop")],
  ["unconfined", "drops a seccomp or AppArmor profile", (keys, before) => mentions(keys, before, "seccompProfile", "appArmorProfile")],
  ["token-mounted", "mounts the service account's token again", (keys, before) => mentions(keys, before, "automountServiceAccountToken")],
  ["secret-reference-removed", "replaces or drops a reference to a Secret", (keys, before) => mentions(keys, before, "secretKeyRef", "secretRef")],
  ["finalizer", "removes finalizers or owner references", (keys, before) => mentions(keys, before, "finalizers", "ownerReferences")],
];

function mentions(keys: readonly string[], before: Json, ...names: readonly string[]): boolean {
  const last = keys.at(-1);
  return (last !== undefined && names.includes(last)) || holdsKey(before, names);
}

function holdsKey(value: Json, names: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsKey(item, names));
  return isObject(value) && Object.entries(value).some(([key, child]) => names.includes(key) || holdsKey(child, names));
}

/**
 * Why a difference is dangerous, or undefined. `granted` says that the failure class permits this path by name, which lifts only the
 * rules about new parts (a volume, a service account); no class lifts the others.
 */
export function dangerOf(change: FieldChange, granted: boolean): Danger | undefined {
  const keys = keysOf(change.path);
  const added =
    change.after === undefined ? [] : scalars(keys, change.after).filter(({ value }) => !(isScalarList(change.before) && change.before.includes(value)));
  for (const [rule, message, check] of ADDED) if (!(granted && rule === "host-port" && isRenumbered(change)) && added.some(check)) return { rule, message };
  if (
    change.before !== undefined &&
    (change.after === undefined || change.after === null || typeof change.after !== typeof change.before || Array.isArray(change.after))
  ) {
    const lost = lostPart(change);
    if (lost !== undefined) for (const [rule, message, check] of REMOVED) if (check(keys, lost)) return { rule, message };
  }
  return granted ? undefined : newPart(change);
}

/** A port of the node that is open already gets another number: only that of the last good revision (plausible/values.ts). */
function isRenumbered({ path, before, after }: FieldChange): boolean {
  return path.at(-1) === "hostPort" && typeof before === "number" && before > 0 && typeof after === "number";
}

function isScalarList(value: Json | undefined): value is Json[] {
  return Array.isArray(value) && value.every((item) => typeof item !== "object");
}

/** What is gone; of lists, only the items that are no longer there. Dropping ALL capabilities instead of some loses nothing. */
function lostPart({ before, after }: FieldChange): Json | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return before;
  if (after.includes("ALL")) return undefined;
  const kept = new Set(after.map((item) => JSON.stringify(item)));
  const lost = before.filter((item) => !kept.has(JSON.stringify(item)));
  return lost.length === 0 ? undefined : lost;
}

function newPart({ path, before, after }: FieldChange): Danger | undefined {
  if (after === undefined) return undefined;
  const keys = keysOf(path);
  const list = keys.findLast((key) => CONTAINER_LISTS.some((known) => known === key));
  if (list && (keys.at(-1) === "name" || keys.at(-1) === list) && keys.at(-2) !== "env" && isNewItem(path, list)) {
    return { rule: "new-container", message: "adds or replaces a container" };
  }
  if (keys.at(-1) === "name" && keys.at(-2) === "volumes" && before === undefined) return { rule: "new-volume", message: "adds a volume" };
  if (keys.includes("volumeMounts") && before === undefined) return { rule: "new-mount", message: "adds a volume mount" };
  if (["serviceAccountName", "serviceAccount"].includes(keys.at(-1) ?? "")) return { rule: "service-account", message: "changes the service account" };
  if (keys.includes("imagePullSecrets")) return { rule: "pull-secret", message: "changes the image pull secrets" };
  if (keys.includes("secretKeyRef") || keys.includes("secretRef") || keys.includes("secret"))
    return { rule: "secret-reference", message: "refers to another Secret" };
  return undefined;
}

/** Whether the path is the list of containers itself, or the name directly below one of its items. */
function isNewItem(path: FieldPath, list: string): boolean {
  const index = path.lastIndexOf(list);
  return path.length <= index + 3;
}

function keysOf(path: FieldPath): string[] {
  return path.filter((segment) => typeof segment === "string");
}

function scalars(keys: readonly string[], value: Json): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item) => scalars(keys, item));
  if (isObject(value) && Object.keys(value).length > 0) return Object.entries(value).flatMap(([key, child]) => scalars([...keys, key], child));
  return [{ keys, key: keys.at(-1) ?? "", value }];
}
