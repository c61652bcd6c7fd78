import type { RenderSettings } from "../../cluster/delivery.ts";
import { groupOf, isObject, type Json, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";

/** Kinds without a namespace that Kubernetes and common add-ons define, as `group/Kind`. */
const CLUSTER_SCOPED = new Set([
  "/Namespace",
  "/Node",
  "/PersistentVolume",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/MutatingAdmissionPolicy",
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apiregistration.k8s.io/APIService",
  "certificates.k8s.io/CertificateSigningRequest",
  "flowcontrol.apiserver.k8s.io/FlowSchema",
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
  "networking.k8s.io/IngressClass",
  "node.k8s.io/RuntimeClass",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "resource.k8s.io/DeviceClass",
  "scheduling.k8s.io/PriorityClass",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/StorageClass",
  "storage.k8s.io/VolumeAttachment",
  "snapshot.storage.k8s.io/VolumeSnapshotClass",
  "cert-manager.io/ClusterIssuer",
  "external-secrets.io/ClusterSecretStore",
  "external-secrets.io/ClusterExternalSecret",
  "gateway.networking.k8s.io/GatewayClass",
  "kyverno.io/ClusterPolicy",
  "karpenter.sh/NodePool",
]);

/** Argo CD puts the destination's namespace on objects that have none, Flux's `targetNamespace` replaces what is there. */
export function withNamespaces(objects: readonly KubeObject[], { namespace, namespaceMode }: RenderSettings): KubeObject[] {
  if (namespace === "") return [...objects];
  const defined = new Set(objects.flatMap(clusterScopedKinds));
  const accounts = new Set(objects.filter((object) => object.kind === "ServiceAccount").map((object) => textAt(object, "metadata", "name")));
  return objects.map((object) => {
    const key = `${groupOf(object.apiVersion)}/${object.kind}`;
    const placed = CLUSTER_SCOPED.has(key) || defined.has(key) ? object : inNamespace(object, namespace, namespaceMode);
    return namespaceMode === "force" && /Binding$/.test(object.kind) ? withSubjects(placed, accounts, namespace) : placed;
  });
}

function inNamespace(object: KubeObject, namespace: string, mode: RenderSettings["namespaceMode"]): KubeObject {
  if (mode === "default" && textAt(object, "metadata", "namespace") !== "") return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** kustomize's namespace transformer also moves the subjects that name a ServiceAccount it moved, and `default`. */
function withSubjects(object: KubeObject, accounts: ReadonlySet<string>, namespace: string): KubeObject {
  const subjects = listAt(object, "subjects");
  if (subjects.length === 0) return object;
  const moved = subjects.map((subject): Json => {
    const name = textAt(subject, "name");
    if (!isObject(subject) || textAt(subject, "kind") !== "ServiceAccount" || !(name === "default" || accounts.has(name))) return subject;
    return { ...subject, namespace };
  });
  return { ...object, subjects: moved };
}

function clusterScopedKinds(object: KubeObject): string[] {
  if (object.kind !== "CustomResourceDefinition" || textAt(object, "spec", "scope") !== "Cluster") return [];
  return [`${textAt(object, "spec", "group")}/${textAt(objectAt(object, "spec", "names"), "kind")}`];
}
