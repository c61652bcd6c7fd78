import { expect, test } from "vitest";
import { asFluxReads } from "../../src/source/render/flux-texts.ts";

test("where a kustomization needs text, Flux takes a number or a switch for one", () => {
  const read = asFluxReads({
    resources: ["web.yaml"],
    images: [{ name: "acme/portal", newTag: 2.1 }],
    namePrefix: 7,
    commonLabels: { release: 12, canary: true },
    labels: [{ pairs: { tier: 1 }, includeSelectors: false }],
    replicas: [{ name: "web", count: 3 }],
  });
  expect(read).toEqual({
    resources: ["web.yaml"],
    images: [{ name: "acme/portal", newTag: "2.1" }],
    namePrefix: "7",
    commonLabels: { release: "12", canary: "true" },
    labels: [{ pairs: { tier: "1" }, includeSelectors: false }],
    replicas: [{ name: "web", count: 3 }],
  });
});
