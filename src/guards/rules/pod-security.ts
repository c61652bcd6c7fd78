// Pod Security Standards, baseline and restricted (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and what they leave out:
// process namespace sharing, container sockets, a writable root, the mounted token.
import { isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { getIn } from "../../source/edit/field-path.ts";
import { containersOf, podSpecOf, podSpecPath } from "../pod-template.ts";
import { type Fact, fact } from "./fact.ts";

const RESTRICTED_VOLUMES = new Set(["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret", "image"]);
const SOCKETS = ["/var/run/docker.sock", "/run/containerd", "/var/run/containerd", "/var/run/crio", "/run/crio", "/run/docker.sock"];

export function podSecurity(object: KubeObject): Fact[] {
  if (podSpecPath(object.kind) === undefined) return [];
  const pod = podSpecOf(object);
  const facts = [...podFacts(pod), ...annotationFacts(object)];
  for (const { list, name, container } of containersOf(object)) facts.push(...containerFacts(`${list}/${name}`, container, objectAt(pod, "securityContext")));
  return facts;
}

/** A text that means true is no better than true. */
function isOn(value: Json | undefined): boolean {
  return value === true || value === "true";
}

function podFacts(pod: JsonObject): Fact[] {
  const facts: Fact[] = [];
  for (const field of ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"])
    if (isOn(pod[field])) facts.push(fact("host-namespace", field, `${field} is on`));
  if (pod.hostUsers !== false) facts.push(fact("host-users", "", "the pod shares the node's users"));
  if (pod.automountServiceAccountToken !== false) facts.push(fact("token-mounted", "", "the service account's token is mounted"));
  for (const volume of listAt(pod, "volumes").filter(isObject)) facts.push(...volumeFacts(volume));
  for (const sysctl of listAt(pod, "securityContext", "sysctls")) facts.push(fact("sysctl", textAt(sysctl, "name"), `sysctl ${textAt(sysctl, "name")} is set`));
  const groups = listAt(pod, "securityContext", "supplementalGroups");
  if (groups.includes(0) || objectAt(pod, "securityContext").fsGroup === 0) facts.push(fact("root-group", "", "the pod has root's group"));
  return facts;
}

function volumeFacts(volume: JsonObject): Fact[] {
  const name = textAt(volume, "name");
  const kinds = Object.keys(volume).filter((key) => key !== "name");
  const facts = kinds.filter((kind) => !RESTRICTED_VOLUMES.has(kind)).map((kind) => fact("volume-type", `${name} ${kind}`, `volume ${name} is a ${kind}`));
  const path = textAt(volume, "hostPath", "path");
  if (path !== "") facts.push(fact("host-path", `${name} ${path}`, `volume ${name} is the node's ${path}`));
  if (SOCKETS.some((socket) => path.startsWith(socket))) facts.push(fact("container-socket", name, `volume ${name} is the container runtime's socket`));
  return facts;
}

function containerFacts(where: string, container: JsonObject, podContext: JsonObject): Fact[] {
  const own = objectAt(container, "securityContext");
  const effective = (key: string): Json | undefined => own[key] ?? podContext[key];
  const facts: Fact[] = [];
  const hold = (holds: boolean, rule: string, message: string) => holds && facts.push(fact(rule, where, message));
  hold(isOn(own.privileged), "privileged", `${where} is privileged`);
  hold(own.allowPrivilegeEscalation !== false, "privilege-escalation", `${where} may gain privileges`);
  for (const capability of listAt(own, "capabilities", "add"))
    facts.push(fact("capability-added", `${where} ${String(capability)}`, `${where} has capability ${String(capability)}`));
  hold(!listAt(own, "capabilities", "drop").includes("ALL"), "capabilities-kept", `${where} does not drop all capabilities`);
  hold(effective("runAsNonRoot") !== true, "root-allowed", `${where} is allowed to run as root`);
  hold(effective("runAsUser") === 0 || effective("runAsGroup") === 0, "root-user", `${where} runs as root`);
  hold(effective("runAsUser") === undefined, "user-open", `${where} takes the image's user`);
  const seccomp = textAt(effective("seccompProfile"), "type");
  hold(seccomp !== "RuntimeDefault" && seccomp !== "Localhost", "seccomp-unset", `${where} has no seccomp profile`);
  const profile = textAt(effective("seccompProfile"), "localhostProfile") || textAt(effective("appArmorProfile"), "localhostProfile");
  if (profile !== "") facts.push(fact("own-profile", `${where} ${profile}`, `${where} is confined by ${profile} of the node only`));
  hold(seccomp === "Unconfined", "seccomp-unconfined", `${where} has seccomp off`);
  hold(textAt(effective("appArmorProfile"), "type") === "Unconfined", "apparmor-unconfined", `${where} has AppArmor off`);
  const selinux = objectAt(effective("seLinuxOptions"));
  hold(Object.keys(selinux).length > 0, "selinux", `${where} sets SELinux options`);
  hold(own.procMount !== undefined && own.procMount !== "Default", "proc-mount", `${where} has /proc unmasked`);
  hold(isOn(objectAt(effective("windowsOptions")).hostProcess), "host-process", `${where} is a Windows host process`);
  hold(own.readOnlyRootFilesystem !== true, "writable-root", `${where} can write its root filesystem`);
  for (const port of listAt(container, "ports").filter(isObject)) {
    if (typeof port.hostPort === "number" && port.hostPort !== 0)
      facts.push(fact("host-port", `${where} ${port.hostPort}`, `${where} opens the node's port ${port.hostPort}`));
  }
  for (const mount of listAt(container, "volumeMounts")) {
    if (textAt(mount, "mountPropagation") === "Bidirectional")
      facts.push(fact("mount-propagation", `${where} ${textAt(mount, "name")}`, `${where} propagates mounts to the node`));
  }
  return facts;
}

/** The old way to say AppArmor and seccomp. */
function annotationFacts(object: KubeObject): Fact[] {
  const path = podSpecPath(object.kind)?.split(".").slice(0, -1) ?? [];
  const annotations = objectAt(getIn(object, [...path, "metadata", "annotations"]));
  return Object.entries(annotations).flatMap(([key, value]) =>
    value === "unconfined" && /apparmor|seccomp/.test(key) ? [fact("unconfined", key, `annotation ${key} switches a confinement off`)] : [],
  );
}
