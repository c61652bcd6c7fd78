/** Annotations and labels by which tools and the API server are steered; not how a program runs. */
const PREFIXES = [
  "argocd.argoproj.io/",
  "kustomize.toolkit.fluxcd.io/",
  "helm.toolkit.fluxcd.io/",
  "source.toolkit.fluxcd.io/",
  "reconcile.fluxcd.io/",
  "fluxcd.io/",
  "helm.sh/",
  "meta.helm.sh/",
  "container.apparmor.security.beta.kubernetes.io/",
  "seccomp.security.alpha.kubernetes.io/",
  "kubectl.kubernetes.io/",
  "pod-security.kubernetes.io/",
  "cluster-autoscaler.kubernetes.io/",
  "scheduler.alpha.kubernetes.io/",
];

/** Nobody reads it: which chart an object is from (https://helm.sh/docs/chart_best_practices/labels/). */
const INFORMING: ReadonlySet<string> = new Set(["helm.sh/chart"]);

export function isControlKey(key: string): boolean {
  return !INFORMING.has(key) && PREFIXES.some((prefix) => key.startsWith(prefix));
}
