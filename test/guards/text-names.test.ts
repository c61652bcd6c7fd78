import { describe, expect, test } from "vitest";
import type { GateInput } from "../../src/guards/gate.ts";
import { isAsComponent } from "../../src/guards/text/component.ts";
import { isRelisted } from "../../src/guards/text/listing.ts";
import { isRetargeted } from "../../src/guards/text/retargeted.ts";
import { isTemplateNamed } from "../../src/guards/text/template-name.ts";

/** A source that does not render, with the renderer's error. */
function broken(texts: Record<string, string>, error = "", hasLastGood = true): Pick<GateInput, "texts" | "evidence"> {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text, lastGood: undefined }));
  const evidence = { items: [{ id: "E1", kind: "render-error", text: error }] };
  return { texts: { files, hasLastGood }, evidence } as unknown as Pick<GateInput, "texts" | "evidence">;
}

describe("the name of what a patch is for", () => {
  const patch = (name: string, replicas = 2) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {replicas: ${replicas}}\n`;
  const source = broken({
    "base/kustomization.yaml": "resources: [shop.yaml, cart.yaml]\n",
    "base/shop.yaml": patch("shop"),
    "base/cart.yaml": patch("cart-api"),
    "prod/kustomization.yaml": "resources: [../base]\npatches:\n  - path: patch.yaml\n",
    "prod/patch.yaml": patch("shopp", 3),
  });
  const may = (text: string, path = "prod/patch.yaml") => isRetargeted(source, { path, text });

  test("may be corrected to an object of its kind with a name like it", () => expect(may(patch("shop", 3))).toBe(true));

  test.each([
    ["to one far from it", may(patch("cart-api", 3))],
    ["to one that nothing declares", may(patch("shops", 3))],
    ["with something else", may(patch("shop", 9))],
    ["in a manifest", may(patch("shopp"), "base/shop.yaml")],
  ])("and not %s", (_, isAllowed) => expect(isAllowed).toBe(false));
});

describe("the name of what a patch is for, which a commit renamed", () => {
  const patch = (name: string, replicas = 2) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {replicas: ${replicas}}\n`;
  const list = { path: "prod/kustomization.yaml", text: "resources: [../base]\npatches:\n  - path: patch.yaml\n" };
  const renamed = { path: "base/shop.yaml", lastGood: patch("shop"), text: patch("basket") };
  const files = [renamed, { ...list, lastGood: list.text }, { path: "prod/patch.yaml", lastGood: patch("shop", 3), text: patch("shop", 3) }];
  const may = (more: object[] = []) => {
    const source = { texts: { files: [...files, ...more], hasLastGood: true } } as unknown as Pick<GateInput, "texts">;
    return isRetargeted(source, { path: "prod/patch.yaml", text: patch("basket", 3) });
  };

  test("follows it", () => expect(may()).toBe(true));
  test("and not where two came", () => expect(may([{ path: "base/job.yaml", lastGood: undefined, text: patch("worker") }])).toBe(false));
});

describe("a folder that is no component", () => {
  const error = "accumulating components: \"expected kind 'Component' for path '/x/parts/tracing' but got 'Kustomization'\"";
  const texts = {
    "parts/tracing/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: a.yaml}]\n",
    "prod/kustomization.yaml": "components: [../parts/tracing]\n",
  };
  const fixed = {
    path: "parts/tracing/kustomization.yaml",
    text: "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: a.yaml}]\n",
  };

  test("becomes one, and nothing else of it changes", () => {
    expect(isAsComponent(broken(texts, error), fixed)).toBe(true);
    expect(isAsComponent(broken(texts, error), { ...fixed, text: fixed.text.replace("a.yaml", "b.yaml") })).toBe(false);
  });

  test("also where no revision is known to compare with, and not where kustomize says something else", () => {
    expect(isAsComponent(broken(texts, "yaml: line 2"), fixed)).toBe(false);
    expect(isAsComponent(broken(texts, error, false), fixed)).toBe(true);
  });
});

describe("an entry of a kustomization in the wrong form", () => {
  const error = "json: cannot unmarshal string into Go struct field Kustomization.patches of type types.Patch";
  const source = broken({ "prod/kustomization.yaml": "patches:\n  - memory.yaml\n" }, error, false);
  const may = (text: string) => isRelisted(source, { path: "prod/kustomization.yaml", text });

  test("is written in the other one", () => expect(may("patches:\n  - path: memory.yaml\n")).toBe(true));
  test("and names nothing else", () => expect(may("patches:\n  - path: cpu.yaml\n")).toBe(false));
});

describe("a name in a template", () => {
  const path = "chart/templates/shop.yaml";
  const error = 'no template "shop.labls" associated with template "gotpl"';
  const source = broken(
    { [path]: '{{ include "shop.labls" . }}\n', "chart/templates/_helpers.tpl": '{{ define "shop.labels" }}{{ end }}{{ define "shop.secrets" }}{{ end }}' },
    error,
  );
  const may = (text: string) => isTemplateNamed(source, { path, text });

  test("may be spelt right, and nothing else", () => {
    expect(may('{{ include "shop.labels" . }}\n')).toBe(true);
    expect(may('{{ include "shop.secrets" . }}\n')).toBe(false);
    expect(may('{{ include "shop.labels" $ }}\n')).toBe(false);
  });
});
