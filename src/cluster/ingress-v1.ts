import { isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt } from "./objects.ts";

/** Versions of Ingress that Kubernetes 1.22 took away. */
export const OLD_INGRESS: ReadonlySet<string> = new Set(["networking.k8s.io/v1beta1", "extensions/v1beta1"]);
export const INGRESS_V1 = "networking.k8s.io/v1";
/** What the old versions did with a path that does not say its type. */
export const OLD_PATH_TYPE = "ImplementationSpecific";

/**
 * An Ingress of an old version as networking.k8s.io/v1 says the same
 * (https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122).
 */
export function ingressInV1(object: KubeObject): KubeObject {
  const { backend, ...spec } = objectAt(object, "spec");
  const rules = listAt(object, "spec", "rules").map((rule) => {
    const paths = listAt(rule, "http", "paths").map((path) => ({
      pathType: OLD_PATH_TYPE,
      ...objectAt(path),
      backend: backendInV1(objectAt(path).backend ?? null),
    }));
    return paths.length === 0 ? rule : { ...objectAt(rule), http: { ...objectAt(rule, "http"), paths } };
  });
  return {
    ...object,
    apiVersion: INGRESS_V1,
    spec: { ...spec, ...(backend === undefined ? {} : { defaultBackend: backendInV1(backend) }), ...(rules.length > 0 ? { rules } : {}) },
  };
}

function backendInV1(backend: Json): Json {
  if (!isObject(backend) || backend.serviceName === undefined) return backend;
  const { serviceName, servicePort, ...others } = backend;
  const port: JsonObject = typeof servicePort === "number" ? { number: servicePort } : { name: servicePort ?? null };
  return { ...others, service: { name: serviceName, port } };
}
