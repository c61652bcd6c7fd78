import { expect, test } from "vitest";
import type { JsonObject } from "../../src/cluster/objects.ts";
import { answerFor, edited, type Retold, withSpec } from "./retold.ts";

const FILE = "deploy/ingress.yaml";

/** shop-118 with one backend that is an action of the load balancer, and one that is a Service. */
function withAction(service: string): Retold {
  const to = (name: string, port: JsonObject): JsonObject => ({ path: "/", pathType: "Prefix", backend: { service: { name, port } } });
  const paths = [to("shopfront-redirect", { name: "use-annotation" }), to(service, { number: 80 })];
  const spec = { ingressClassName: "edge", rules: [{ host: "shop.acme.example", http: { paths } }] };
  return {
    id: "shop-118",
    good: edited(FILE, /^spec:[\s\S]*$/m, `spec: ${JSON.stringify(spec)}\n`),
    live: (object) => [object.kind === "Ingress" ? withSpec(object, spec) : object],
  };
}

test("a backend that stands for an annotation misses no Service", async () => expect(await answerFor(withAction("shopfront-svc"))).toBeUndefined());

test("and stays where another backend is wrong", async () => {
  expect(await answerFor(withAction("shopfront-svcs"))).toEqual(['backend.service.name = "shopfront"']);
});
