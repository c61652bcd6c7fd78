import { connect, type KubeClient } from "./client.ts";

/** Clusters that deliveries of the hub deploy to, by the name under which the settings know them. */
export interface RemoteClusters {
  readonly all: readonly { name: string; client: KubeClient }[];
  /** The setting that is about the first of these names (`spec.destination.server` or `.name`, `namespace/secret` of `spec.kubeConfig`) that is known. */
  nameOf(names: readonly string[]): string | undefined;
}

/**
 * Connects to other clusters, each with its own, read-only credentials. `settings`: AUTOFIX_CLUSTERS, destination → context of the kubeconfig, or
 * `file:PATH` (`file:PATH#CONTEXT`). Nothing is sent yet. Throws `cluster/unreachable` for what no kubeconfig has.
 */
export function remoteClusters(settings: ReadonlyMap<string, string>, kubeconfig: string | undefined): RemoteClusters {
  const all = [...settings].map(([name, target]) => ({ name: plain(name), client: clientOf(target, kubeconfig) }));
  const known = new Set(all.map(({ name }) => name));
  return { all, nameOf: (names) => names.map(plain).find((name) => known.has(name)) };
}

function clientOf(target: string, kubeconfig: string | undefined): KubeClient {
  const file = /^file:([^#]+)(?:#(.+))?$/.exec(target);
  return file ? connect(file[1], file[2]) : connect(kubeconfig, target);
}

function plain(name: string): string {
  return name.replace(/\/+$/, "");
}
