import { describe, expect, test } from "vitest";
import { fixOf } from "./recorded-fix.ts";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const BASE = "base/deployment.yaml";
const LIST = "overlays/prod/kustomization.yaml";

/** Production writes a value into the first container, by its number. */
const PATCHED: Breakage = {
  [LIST]: (text) =>
    `${text}patches:\n  - target: {kind: Deployment, name: outbox}\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/resources/limits/memory\n        value: 256Mi\n`,
};

const sidecar = (text: string) => text.replace("      containers:\n", "      containers:\n        - name: proxy\n          image: acme/proxy:2.1.0\n");

describe.skipIf(RENDERERS.kind === "unavailable")("a patch that counts containers", () => {
  test("follows its own where a sidecar is put before it", async () => {
    expect((await play(broken("shop-28", { [BASE]: sidecar }, PATCHED))).outcome).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 12 of overlays/prod/kustomization.yaml patches an item of a list by its number, which is another one since the commit put one before it, and the manifests cannot be built since: doc is missing path: /spec/template/spec/containers/0/resources/limits/memory: missing value.
      -         path: /spec/template/spec/containers/0/resources/limits/memory
      +         path: /spec/template/spec/containers/1/resources/limits/memory"
    `);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a patch that counts variables, and hits one that came before its own", () => {
  const own = "deploy/deployment.yaml";
  const list = "deploy/kustomization.yaml";
  const cache = "            - name: CACHE_MB\n              value: '8'\n";
  const address = "            - name: DATABASE_URL\n              value: postgres://badges@db/badges\n";
  const patched: Breakage = {
    [own]: (text) => text.replace("          env:\n", `          env:\n${cache}`),
    [list]: `resources: [conf.yaml, deployment.yaml, service.yaml]\npatches:\n  - target: {kind: Deployment}\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/env/0/value\n        value: "40"\n`,
  };

  test("is led to its own, and the new variable stays", async () => {
    const recording = broken("shop-67", {}, patched);
    const after = { ...recording.after, [own]: (recording.after[own] ?? "").replace(cache, `${address}${cache}`) };
    const said = '2026-11-23T00:24:54.494470410Z level=ERROR msg="configuration invalid" error="DATABASE_URL: invalid address: 40"\n';
    const logs = Object.fromEntries(Object.entries(recording.logs).map(([pod, log]) => [pod, pod.startsWith("badges-5cc4") ? said : log]));
    expect(await fixOf({ ...recording, after, logs })).toEqual([
      "crash-on-start",
      "- path: /spec/template/spec/containers/0/env/0/value",
      "+ path: /spec/template/spec/containers/0/env/1/value",
    ]);
  });
});
