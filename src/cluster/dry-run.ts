import { createConfiguration, HttpMethod, RequestContext } from "@kubernetes/client-node";
import { messageOf } from "../errors.ts";
import type { KubeClient } from "./client.ts";
import type { DeliveryKind } from "./delivery.ts";
import { describeRef, type Json, type KubeObject, refOf, textAt } from "./objects.ts";
import { pathOf, ResourceFinder } from "./resources.ts";

/** What the API server says of objects that it is asked to try and not to keep. */
export type DryRunOutcome =
  | { kind: "accepted"; objects: string[] }
  | { kind: "rejected"; object: string; message: string }
  /** It could not be asked, or may not be: nothing is known. */
  | { kind: "unreachable"; message: string };

export interface DryRunRequest {
  objects: readonly KubeObject[];
  /** For objects that name none; the delivery fills it in. */
  namespace: string;
  /** Who delivers: tried as the tool's own field manager, a field that left git counts as gone. */
  delivery: DeliveryKind;
}

export type DryRun = (request: DryRunRequest) => Promise<DryRunOutcome>;

/** Field managers with which the tools apply (server-side; Argo CD where an Application asks for it). */
const MANAGERS: Readonly<Record<DeliveryKind, string>> = {
  Application: "argocd-controller",
  Kustomization: "kustomize-controller",
  HelmRelease: "helm-controller",
};
const NO_FIT = ["failed to create typed patch object", "failed to convert new object"];
const TIMEOUT_MILLISECONDS = 15_000;

/**
 * The one thing that is ever sent to a cluster beside GET requests, and only where the operator switched it on with an account of its own: a server-side
 * apply with `dryRun=All`, which runs admission and validation and keeps nothing, and `fieldValidation=Strict`. Written here, for all kinds in one place, since
 * client-node's generic patch cannot send `fieldValidation`. Never throws. Source: Kubernetes API concepts, "Dry-run" and "Field validation".
 */
export function dryRunThrough(client: KubeClient): DryRun {
  const finder = new ResourceFinder(client);
  const http = createConfiguration().httpApi;

  async function tryOne(object: KubeObject, { namespace, delivery }: DryRunRequest): Promise<DryRunOutcome> {
    const resource = await finder.find(object.apiVersion, object.kind);
    const ref = refOf(object);
    const name = describeRef(ref);
    if (!resource) return { kind: "rejected", object: name, message: `the cluster has no kind ${object.kind} in ${object.apiVersion}` };
    const own = resource.namespaced ? ref.namespace || namespace : "";
    const url = new URL(client.config.getCurrentCluster()?.server.replace(/\/+$/, "") + pathOf(resource, own, ref.name));
    const query = { dryRun: "All", fieldValidation: "Strict", fieldManager: MANAGERS[delivery], force: "true" };
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const request = new RequestContext(url.toString(), HttpMethod.PATCH);
    request.setHeaderParam("Accept", "application/json");
    request.setHeaderParam("Content-Type", "application/apply-patch+yaml");
    // JSON is YAML.
    request.setBody(JSON.stringify(resource.namespaced ? { ...object, metadata: { ...object.metadata, namespace: own } } : object));
    request.setSignal(AbortSignal.timeout(TIMEOUT_MILLISECONDS));
    await client.config.applySecurityAuthentication(request);
    const response = await http.send(request).toPromise();
    return outcomeOf(name, response.httpStatusCode, await response.body.text());
  }

  return async (request) => {
    try {
      for (const object of request.objects) {
        const outcome = await tryOne(object, request);
        if (outcome.kind !== "accepted") return outcome;
      }
      return { kind: "accepted", objects: request.objects.map((object) => describeRef(refOf(object))) };
    } catch (thrown) {
      return { kind: "unreachable", message: messageOf(thrown) };
    }
  };
}

function outcomeOf(object: string, status: number, body: string): DryRunOutcome {
  if (status < 300) return { kind: "accepted", objects: [object] };
  const message = messageIn(body).slice(0, 600);
  if (status === 401 || status === 403) return { kind: "unreachable", message: `the dry run's account may not: ${message}` };
  // What does not fit the schema is answered as if the server had failed.
  if (status === 500 && NO_FIT.some((words) => message.startsWith(words))) return { kind: "rejected", object, message };
  if (status === 429 || status >= 500) return { kind: "unreachable", message: `the API server answered ${status}: ${message}` };
  return { kind: "rejected", object, message };
}

/** The message of a `Status` object. */
function messageIn(body: string): string {
  try {
    const status: Json = JSON.parse(body);
    return textAt(status, "message") || body;
  } catch {
    return body;
  }
}
