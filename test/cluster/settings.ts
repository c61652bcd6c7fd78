import { join } from "node:path";

/** A cluster with Argo CD and Flux, and the git server that they pull from. */
export interface ClusterSettings {
  /** A kubeconfig whose user may create anything. */
  kubeconfig: string;
  /** The folder whose bare repositories the git server serves. */
  gitRoot: string;
  /** Under which URL the controllers reach that folder. */
  gitUrl: string;
  /** The API server's audit log (audit.k8s.io/v1, one JSON a line), where this machine has it. */
  auditLog: string | undefined;
}

/** What the environment says of the cluster, or a sentence saying what is missing. */
export function clusterSettings(environment: Readonly<Record<string, string | undefined>>): ClusterSettings | { missing: string } {
  const { KUBECONFIG, GIT_ROOT, GIT_URL, CLUSTER_HOME } = environment;
  if (!KUBECONFIG || !GIT_ROOT || !GIT_URL) {
    const names = Object.entries({ KUBECONFIG, GIT_ROOT, GIT_URL }).flatMap(([name, value]) => (value ? [] : [name]));
    return {
      missing: `skipped, for it needs a real cluster and ${names.join(", ")} ${names.length === 1 ? "is" : "are"} not set: test/cluster/README.md says what is needed`,
    };
  }
  const auditLog = CLUSTER_HOME ? join(CLUSTER_HOME, "log", "audit.log") : undefined;
  return { kubeconfig: KUBECONFIG, gitRoot: GIT_ROOT, gitUrl: GIT_URL.replace(/\/+$/, ""), auditLog };
}
