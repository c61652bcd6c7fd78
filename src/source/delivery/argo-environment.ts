import type { GitSource } from "../workspace.ts";

/** Argo CD's build environment (docs, "Build Environment"), as far as it is the same on every cluster. */
export function buildEnvironment({ url, path, settings }: GitSource, commit: string): ReadonlyMap<string, string> {
  return new Map([
    ["ARGOCD_APP_NAME", settings.name ?? ""],
    ["ARGOCD_APP_NAMESPACE", settings.namespace],
    ["ARGOCD_APP_PROJECT_NAME", settings.project ?? ""],
    ["ARGOCD_APP_REVISION", commit],
    ["ARGOCD_APP_REVISION_SHORT", commit.slice(0, 7)],
    ["ARGOCD_APP_REVISION_SHORT_8", commit.slice(0, 8)],
    ["ARGOCD_APP_SOURCE_PATH", path],
    ["ARGOCD_APP_SOURCE_REPO_URL", url],
    ["ARGOCD_APP_SOURCE_TARGET_REVISION", settings.targetRevision ?? ""],
    ["KUBE_VERSION", settings.capabilities?.kubeVersion ?? ""],
    ["KUBE_API_VERSIONS", settings.capabilities?.apiVersions.join(",") ?? ""],
  ]);
}

/** `$NAME` and `${NAME}` as Go's os.Expand reads them; `$$` is a dollar sign, and what the environment does not have is nothing. */
export function expandEnvironment(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$(?:\{([^}]*)\}|([A-Za-z_]\w*)|([$*#@!?\-0-9]))/g, (_, braced?: string, plain?: string, special?: string) =>
    special === "$" || braced === "$" ? "$" : (environment.get(braced ?? plain ?? "") ?? ""),
  );
}
