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

export function isControlKey(key: string): boolean {
  return PREFIXES.some((prefix) => key.startsWith(prefix));
}
