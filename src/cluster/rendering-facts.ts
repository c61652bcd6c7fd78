import { AutofixError } from "../errors.ts";
import type { KubeClient } from "./client.ts";
import type { Capabilities, DeliverySource, GitDeliverySource } from "./delivery.ts";
import { type Json, type KubeObject, listAt, refOf, textAt } from "./objects.ts";
import { known, pathOf } from "./resources.ts";
import { blockingWindow } from "./sync-window.ts";
import { syncsItself } from "./syncs-itself.ts";

/** How long what the API server can do counts as known, in milliseconds. */
const KEPT = 10 * 60_000;
/** Both of the API server's discovery documents in one answer each (Kubernetes docs, "Aggregated discovery"). */
const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
/** Where Argo CD is installed by default; asked where the settings are not beside the Application. */
const ARGOCD_NAMESPACE = "argocd";

/** What the cluster adds to what a delivery says of its source: what charts may ask of it, Argo CD's own settings, windows in which nothing is synced. */
export class RenderingFacts {
  readonly #client: KubeClient;
  #capabilities: { value: Promise<Capabilities | undefined>; until: number } | undefined;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** The source with these facts; what may not be read is left out. `destination`: of the cluster where the objects live; undefined where that is not known. */
  async complete(source: DeliverySource, delivery: KubeObject, now: Date, destination: RenderingFacts | undefined): Promise<DeliverySource> {
    if (source.kind === "refused") return source;
    if (delivery.kind !== "Application") return source.settings.helmRelease ? withCapabilities(source, await destination?.capabilities(now)) : source;
    const window = await this.#syncWindow(delivery, now);
    if (window) return window;
    const types = [textAt(delivery, "status", "sourceType"), ...listAt(delivery, "status", "sourceTypes").map(String)];
    if (types.includes("Helm") || source.settings.helm) return withCapabilities(source, await destination?.capabilities(now));
    return types.includes("Kustomize") || source.settings.kustomize ? this.#withBuildOptions(source, delivery) : source;
  }

  async #syncWindow(application: KubeObject, now: Date): Promise<DeliverySource | undefined> {
    if (!syncsItself(application)) return undefined;
    const project = await this.#beside(application, (namespace) =>
      pathOf(known("argoproj.io/v1alpha1", "AppProject"), namespace, textAt(application, "spec", "project") || "default"),
    );
    const window = project && blockingWindow(project, application, now);
    if (!window) return undefined;
    const when = `${window.schedule} for ${window.duration}`;
    const why = window.kind === "deny" ? `denied now (${when})` : `allowed only at other times (${when})`;
    const message = `Syncing this Application is ${why} by a window of project ${refOf(project).name}: a merged fix would not be applied until then. It is looked for again when the window allows it.`;
    return { kind: "refused", code: "sync-window", message };
  }

  /** What charts may ask of this cluster; undefined where it may not be asked. */
  async capabilities(now: Date): Promise<Capabilities | undefined> {
    if (!this.#capabilities || this.#capabilities.until < now.getTime()) this.#capabilities = { value: this.#readCapabilities(), until: now.getTime() + KEPT };
    return this.#capabilities.value;
  }

  async #readCapabilities(): Promise<Capabilities | undefined> {
    const [version, ...documents] = await Promise.all([
      this.#readable(() => this.#client.document("/version")),
      this.#readable(() => this.#client.document("/api", AGGREGATED)),
      this.#readable(() => this.#client.document("/apis", AGGREGATED)),
    ]);
    const kubeVersion = textAt(version, "gitVersion");
    return /^v\d+\.\d+/.test(kubeVersion) ? { kubeVersion, apiVersions: documents.flatMap(apiVersionsIn) } : undefined;
  }

  /** `kustomize.buildOptions` of argocd-cm (Argo CD docs, "Kustomize build options"). */
  async #withBuildOptions(source: GitDeliverySource, application: KubeObject): Promise<GitDeliverySource> {
    const settings = await this.#beside(application, (namespace) => pathOf(known("v1", "ConfigMap"), namespace, "argocd-cm"));
    const unrestricted = /--load[-_]restrictor[= ](?:LoadRestrictionsNone|none)/.test(textAt(settings, "data", "kustomize.buildOptions"));
    return unrestricted ? { ...source, settings: { ...source.settings, unrestricted } } : source;
  }

  /** An object of Argo CD's own, beside the Application or where Argo CD usually is. */
  async #beside(application: KubeObject, path: (namespace: string) => string): Promise<KubeObject | undefined> {
    for (const namespace of new Set([refOf(application).namespace, ARGOCD_NAMESPACE])) {
      const found = await this.#readable(() => this.#client.get(path(namespace)));
      if (found) return found;
    }
    return undefined;
  }

  async #readable<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await read();
    } catch (thrown) {
      if (thrown instanceof AutofixError && thrown.code === "cluster/forbidden") return undefined;
      throw thrown;
    }
  }
}

function withCapabilities(source: GitDeliverySource, known: Capabilities | undefined): GitDeliverySource {
  if (!known) return source;
  // Argo CD tells helm major and minor alone, Flux has Helm ask the API server.
  const kubeVersion = source.settings.tool === "argocd" ? (/^v\d+\.\d+/.exec(known.kubeVersion)?.[0] ?? "") : known.kubeVersion;
  const capabilities = { ...known, kubeVersion };
  const place = <P extends Pick<GitDeliverySource, "settings">>(one: P): P => ({ ...one, settings: { ...one.settings, capabilities } });
  return { ...place(source), ...(source.also ? { also: source.also.map(place) } : {}) };
}

/** `apps/v1` and `apps/v1/Deployment`, as Argo CD and Helm name them. */
function apiVersionsIn(document: Json | undefined): string[] {
  return listAt(document, "items").flatMap((group) => {
    const name = textAt(group, "metadata", "name");
    return listAt(group, "versions").flatMap((version) => {
      const groupVersion = name === "" ? textAt(version, "version") : `${name}/${textAt(version, "version")}`;
      const kinds = listAt(version, "resources").map((resource) => textAt(resource, "responseKind", "kind"));
      return [groupVersion, ...new Set(kinds.filter((kind) => kind !== "").map((kind) => `${groupVersion}/${kind}`))];
    });
  });
}
