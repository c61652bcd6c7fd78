import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inSuccessor, isSucceeded } from "../../src/cluster/api-successors.ts";
import { succeeded } from "../../src/source/slips/api-version-lines.ts";

const INGRESS = (paths: string, spec = "") =>
  `apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata:\n  name: shop\nspec:\n${spec}  rules:\n    - host: shop.example # ours\n      http:\n        paths:\n${paths}`;
const ROOT = "          - path: /\n            backend:\n              serviceName: shop\n              servicePort: 80\n";

describe("an Ingress of a version that Kubernetes took away", () => {
  test.each([
    ["a number", INGRESS(ROOT)],
    ["a name", INGRESS(ROOT.replace("80", "http"))],
    ["a number in quotes", INGRESS(ROOT.replace("80", `"80"`))],
    ["the port first", INGRESS("          - backend:\n              servicePort: 80\n              serviceName: shop\n            path: /\n")],
    ["a type that it says", INGRESS(`${ROOT}            pathType: Prefix\n`)],
    ["two paths, of which one says its type", INGRESS(`${ROOT}            pathType: Prefix\n${ROOT.replace("path: /", "path: /api")}`)],
    ["a backend for all else", INGRESS(ROOT, "  backend:\n    serviceName: other\n    servicePort: web\n")],
  ])("with %s says the same in networking.k8s.io/v1", (_, text) => {
    const after = succeeded(text, 0);
    expect(parse(after ?? "")).toEqual(inSuccessor(parse(text)));
    expect(isSucceeded(parse(after ?? ""))).toBe(true);
    expect(after).toContain("# ours");
  });

  test.each([
    ["on one line", INGRESS("          - path: /\n            backend: {serviceName: shop, servicePort: 80}\n")],
    ["with a port that a template computes", INGRESS(ROOT.replace("80", "{{ .Values.port }}"))],
    ["without a port", INGRESS(ROOT.replace("              servicePort: 80\n", ""))],
  ])("is left to people %s", (_, text) => expect(succeeded(text, 0)).toBeUndefined());
});
