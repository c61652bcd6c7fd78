import { describe, expect, test } from "vitest";
import { badgesOf, deployment, literals } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  selector: {app: other}\n  ports: [{port: 80}]\n`;
const files = (env: { [name: string]: string }) => ({
  "deploy/kustomization.yaml": "resources: [badges.yaml, shared]\n",
  "deploy/badges.yaml": deployment({ env: literals(env) }),
  "deploy/shared/kustomization.yaml": "namePrefix: live-\nresources: [stock.yaml, cache.yaml]\n",
  "deploy/shared/stock.yaml": service("stock"),
  "deploy/shared/cache.yaml": service("cache"),
});
const says = "fatal: dial tcp: lookup stock on 10.96.0.10:53: no such host";

describe.skipIf(RENDERERS.kind === "unavailable")("an address that a commit brought, of a Service that kustomize calls otherwise", () => {
  test("is led there, and not taken out", async () => {
    const bad = files({ PAGE_SIZE: "48", STOCK_ADDR: "stock:80" });
    const fix = await badgesOf({ good: files({ PAGE_SIZE: "24" }), bad, says });
    expect(fix).toEqual(["dependency-address", "- value: stock:80", "+ value: live-stock:80"]);
  });
});
