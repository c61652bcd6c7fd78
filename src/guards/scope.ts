// Scope: deny by default. Exactly the documents that were offered, with the same apiVersion, kind, name and namespace, of kinds on the allow-list.
// No role, binding, account, webhook, CRD, Secret or namespace is ever written, whoever offered it.
import { type Json, textAt } from "../cluster/objects.ts";
import { getIn, sameJson } from "../source/edit/field-path.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";
import type { ProposedDocument } from "./yaml.ts";

/** Kinds that a fix may edit as manifests or patches, with the API versions in which they are known. */
const EDITABLE: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["apps/v1"],
  StatefulSet: ["apps/v1"],
  DaemonSet: ["apps/v1"],
  ReplicaSet: ["apps/v1"],
  Job: ["batch/v1"],
  CronJob: ["batch/v1"],
  Pod: ["v1"],
  Service: ["v1"],
  Ingress: ["networking.k8s.io/v1"],
  PersistentVolumeClaim: ["v1"],
  HorizontalPodAutoscaler: ["autoscaling/v1", "autoscaling/v2"],
  ConfigMap: ["v1"],
  Rollout: ["argoproj.io/v1alpha1"],
};

export const EDITABLE_KINDS: ReadonlySet<string> = new Set(Object.keys(EDITABLE));

/** Of these only single fields change, which class-paths.ts names: no line of a text that nobody reads as YAML. */
const IN_FIELDS: Readonly<Record<string, readonly string[]>> = { PodDisruptionBudget: ["policy/v1"] };

const IDENTITY: readonly (readonly string[])[] = [["apiVersion"], ["kind"], ["metadata", "name"], ["metadata", "namespace"], ["metadata", "generateName"]];

export function scope(documents: readonly ProposedDocument[]): GuardResult {
  return { findings: documents.flatMap(scopeOf) };
}

function scopeOf({ offered, value }: ProposedDocument): GuardFinding[] {
  const moved = IDENTITY.filter((path) => !sameJson(getIn(offered.value, path), getIn(value, path))).map((path) =>
    refused("scope", "identity", `Document ${offered.id} has another ${path.join(".")} than the one that was offered.`, {
      document: offered.id,
      path: path.join("."),
      before: getIn(offered.value, path) ?? null,
      proposed: getIn(value, path) ?? null,
      final: getIn(offered.value, path) ?? null,
    }),
  );
  return [...moved, ...(offered.role === "settings" ? settingsKind(offered.id, value) : manifestKind(offered.id, value))];
}

function manifestKind(id: string, value: Json): GuardFinding[] {
  const kind = textAt(value, "kind");
  if ([EDITABLE, IN_FIELDS].some((kinds) => Object.hasOwn(kinds, kind) && kinds[kind]?.includes(textAt(value, "apiVersion")))) return [];
  return [
    refused(
      "scope",
      "kind",
      `Document ${id} is a ${kind === "" ? "document without kind" : kind} of ${textAt(value, "apiVersion") || "no API"}, which a fix never edits.`,
      { document: id, path: "kind" },
    ),
  ];
}

/** kustomization.yaml, values files and HelmReleases are allowed since they were offered; a manifest in disguise is not. */
function settingsKind(id: string, value: Json): GuardFinding[] {
  const [group = ""] = textAt(value, "apiVersion").split("/");
  const harmless = ["", "kustomize.config.k8s.io", "helm.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", "argoproj.io"].includes(group);
  return harmless ? [] : manifestKind(id, value);
}
