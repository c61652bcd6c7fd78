import { describe, expect, test } from "vitest";
import { listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import type { Recording } from "../world/recording.ts";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const PATCHED: Breakage = {
  "overlays/prod/kustomization.yaml": (text) =>
    `${text}patches:\n  - path: replicas.yaml\nconfigMapGenerator:\n  - name: outbox-texts\n    files: [welcome=texts/welcome.txt]\n`,
  "overlays/prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: outbox\nspec:\n  replicas: 3\n",
  "overlays/prod/texts/welcome.txt": "hello\n",
};

const BASE = "base/deployment.yaml";
const LIST = "base/kustomization.yaml";
const OVERLAY = "overlays/prod/kustomization.yaml";

async function outcome(id: string, breakage: Breakage, good: Breakage = {}): Promise<string> {
  return (await play(broken(id, breakage, good))).outcome;
}

async function withoutHistory(id: string, breakage: Breakage): Promise<string> {
  return (await play(broken(id, breakage), { lastGood: true })).outcome;
}

describe.skipIf(RENDERERS.kind === "unavailable")("sources that cannot be rendered", () => {
  describe("kustomize", () => {
    test("unclosed quote", async () => {
      expect(await outcome("shop-28", { [BASE]: (t) => t.replace("path: /readyz,", 'path: "/readyz,') })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 29 of base/deployment.yaml keeps the manifests from being built: Missing closing "quote.
        -             httpGet: {path: "/readyz, port: http}
        +             httpGet: {path: /readyz, port: http}"
      `);
    });

    test("duplicate key", async () => {
      expect(await outcome("shop-28", { [BASE]: (t) => t.replace("  replicas: 2\n", "  replicas: 2\n  replicas: 3\n") })).toMatchInlineSnapshot(`
        "issue: The manifests cannot be built: line 10 of base/deployment.yaml: yaml: unmarshal errors: line 11: mapping key "replicas" already defined at line 10.
        Look at line 10 of base/deployment.yaml: the key "replicas" is there twice. It began with 5e2163a0 ("Reformat"): correct it there, or revert it."
      `);
    });

    test("wrong ending of a resource", async () => {
      expect(await outcome("shop-28", { [LIST]: (t) => t.replace("service.yaml", "service.yml") })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 5 of base/kustomization.yaml keeps the manifests from being built: it refers to file service.yml, which does not exist.
        -   - service.yml
        +   - service.yaml"
      `);
    });

    test("a file renamed without its reference", async () => {
      expect(
        await outcome("shop-28", {
          "base/service.yaml": undefined,
          "base/svc.yaml": () =>
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: outbox\nspec:\n  selector:\n    app: outbox\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n",
        }),
      ).toMatchInlineSnapshot(`
        "render-failed 0.85: Line 5 of base/kustomization.yaml refers to file service.yaml, which does not exist under that name any more.
        -   - service.yaml
        +   - svc.yaml"
      `);
    });

    test("a listed file deleted", async () => {
      expect(await outcome("shop-28", { "base/service.yaml": undefined })).toMatchInlineSnapshot(`
        "render-failed 0.95: File base/service.yaml was deleted, and the manifests cannot be built without it: service.yaml is listed but does not exist.
        + apiVersion: v1
        + kind: Service
        + metadata:
        +   name: outbox
        + spec:
        +   selector:
        +     app: outbox
        +   ports:
        +     - name: http
        +       port: 80
        +       targetPort: http"
      `);
    });

    test("wrong patch path", async () => {
      expect(await outcome("shop-28", { [OVERLAY]: (t) => t.replace("replicas.yaml", "replica-count.yaml") }, PATCHED)).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 9 of overlays/prod/kustomization.yaml keeps the manifests from being built: it refers to file replica-count.yaml, which does not exist.
        -   - path: replica-count.yaml
        +   - path: replicas.yaml"
      `);
    });

    test("a patch renamed without its reference", async () => {
      expect(
        await outcome(
          "shop-28",
          {
            "overlays/prod/replicas.yaml": undefined,
            "overlays/prod/patch-replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: outbox\nspec:\n  replicas: 4\n",
          },
          PATCHED,
        ),
      ).toMatchInlineSnapshot(`
        "render-failed 0.85: Line 9 of overlays/prod/kustomization.yaml refers to file replicas.yaml, which does not exist under that name any more.
        -   - path: replicas.yaml
        +   - path: patch-replicas.yaml"
      `);
    });

    test("wrong generator file", async () => {
      expect(await outcome("shop-28", { [OVERLAY]: (t) => t.replace("welcome.txt", "wellcome.txt") }, PATCHED)).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 12 of overlays/prod/kustomization.yaml keeps the manifests from being built: it refers to file texts/wellcome.txt, which does not exist.
        -     files: [welcome=texts/wellcome.txt]
        +     files: [welcome=texts/welcome.txt]"
      `);
    });

    test("wrong apiVersion of the kustomization", async () => {
      expect(await outcome("shop-28", { [OVERLAY]: (t) => t.replace("v1beta1", "v2") })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 1 of overlays/prod/kustomization.yaml changed, and the manifests cannot be built since: error: Failed to read kustomization file under overlays/prod: apiVersion for Kustomization should be kustomize.config....
        - apiVersion: kustomize.config.k8s.io/v2
        + apiVersion: kustomize.config.k8s.io/v1beta1"
      `);
    });

    test("unknown field in the kustomization", async () => {
      expect(await outcome("shop-28", { [OVERLAY]: (t) => t.replace("resources:", "resource:") })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 3 of overlays/prod/kustomization.yaml changed, and the manifests cannot be built since: invalid Kustomization: json: unknown field "resource".
        - resource:
        + resources:"
      `);
    });

    test("a new tag beside a broken line stays", async () => {
      expect(
        await outcome("shop-28", {
          [BASE]: (t) => t.replace("        app: outbox\n    spec", "\tapp: outbox\n    spec"),
          [OVERLAY]: (t) => t.replace("1.4.1", "1.4.2"),
        }),
      ).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 17 of base/deployment.yaml is indented with a tab, so that the file is no valid YAML.
        - →app: outbox
        +         app: outbox"
      `);
    });

    test("wrong target of a patch", async () => {
      expect(await outcome("shop-28", { "overlays/prod/replicas.yaml": (t) => t.replace("outbox", "outbax") }, PATCHED)).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 4 of overlays/prod/replicas.yaml changed, and the manifests cannot be built since: error: no resource matches strategic merge patch "Deployment.v1.apps/outbax.[noNs]": no matches for Id Deployment.v1.....
        -   name: outbax
        +   name: outbox"
      `);
    });

    test("two broken files", async () => {
      expect(
        await outcome("shop-28", {
          [BASE]: (t) => t.replace("      labels:\n        app", "      labels:\n\tapp"),
          "base/service.yaml": (t) => t.replace("    app: outbox", "   \tapp: outbox"),
        }),
      ).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 17 of base/deployment.yaml is indented with a tab, so that the file is no valid YAML.
        - →app: outbox
        +         app: outbox
        -    →app: outbox
        +     app: outbox"
      `);
    });
  });

  describe("kustomize, at the first release", () => {
    test("abbreviated file name", async () => {
      expect(await withoutHistory("shop-28", { [LIST]: (t) => t.replace("service.yaml", "svc.yaml") })).toMatchInlineSnapshot(`
        "render-failed 0.75: Line 5 of base/kustomization.yaml refers to file svc.yaml, which does not exist.
        -   - svc.yaml
        +   - service.yaml"
      `);
    });

    test("mistyped file name", async () => {
      expect(await withoutHistory("shop-28", { [LIST]: (t) => t.replace("deployment.yaml", "deploymnet.yaml") })).toMatchInlineSnapshot(`
        "render-failed 0.75: Line 4 of base/kustomization.yaml refers to file deploymnet.yaml, which does not exist.
        -   - deploymnet.yaml
        +   - deployment.yaml"
      `);
    });

    test("tab", async () => {
      expect(await withoutHistory("shop-28", { [BASE]: (t) => t.replace("        app: outbox\n    spec", "\tapp: outbox\n    spec") })).toMatchInlineSnapshot(`
        "render-failed 0.75: Line 17 of base/deployment.yaml is indented with a tab, so that the file is no valid YAML.
        - →app: outbox
        +         app: outbox"
      `);
    });

    test("a file that is nowhere", async () => {
      expect(await withoutHistory("shop-28", { [LIST]: (t) => t.replace("service.yaml", "ingress.yaml") })).toMatchInlineSnapshot(`
        "issue: The manifests cannot be built: line 5 of base/kustomization.yaml: ingress.yaml is listed but does not exist.
        Look at line 5 of base/kustomization.yaml: it refers to file ingress.yaml, which does not exist. Correct the file that the error names."
      `);
    });
  });

  describe("plain manifests", () => {
    test("unclosed quote", async () => {
      expect(
        await outcome("shop-27", { "deploy/deployment.yaml": (t) => t.replace("image: acme/checkout:1.4.1 ", 'image: "acme/checkout:1.4.2 ') }),
      ).toMatchInlineSnapshot(`
        "issue: The manifests cannot be built: line 21 of deploy/deployment.yaml: yaml: line 35: Missing closing "quote.
        Look at line 21 of deploy/deployment.yaml: Missing closing "quote. It began with 2b641e30 ("Reformat"): correct it there, or revert it."
      `);
    });

    test("a new tag and a broken line next to each other", async () => {
      expect(
        await outcome("shop-27", { "deploy/deployment.yaml": (t) => t.replace("1.4.1   #", "1.4.2   #").replace("          ports:\n", "         ports:\n") }),
      ).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 22 of deploy/deployment.yaml is indented wrongly, so that the file is no valid YAML.
        -          ports:
        +           ports:"
      `);
    });

    test("missing colon", async () => {
      expect(await outcome("shop-27", { "deploy/service.yaml": (t) => t.replace("  name: inbox", "  name inbox") })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 4 of deploy/service.yaml changed, and the manifests cannot be built since: deploy/service.yaml: Object 'metadata' is missing in {"apiVersion":"v1","kind":"Service","metadata":"name inbox","spe....
        -   name inbox
        +   name: inbox"
      `);
    });

    test("not an object", async () => {
      expect(await outcome("shop-27", { "deploy/service.yaml": (t) => t.replace("kind: Service", "kid: Service") })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 2 of deploy/service.yaml changed, and the manifests cannot be built since: deploy/service.yaml: Object 'kind' is missing in {"apiVersion":"v1","kid":"Service","metadata":{"name":"inbox"},"spec....
        - kid: Service
        + kind: Service"
      `);
    });
  });

  describe("plain manifests, at the first release", () => {
    test("indentation off by one", async () => {
      expect(
        await withoutHistory("shop-27", { "deploy/deployment.yaml": (t) => t.replace("          livenessProbe:", "         livenessProbe:") }),
      ).toMatchInlineSnapshot(`
        "render-failed 0.75: Line 31 of deploy/deployment.yaml is indented wrongly, so that the file is no valid YAML.
        -          livenessProbe:
        +           livenessProbe:"
      `);
    });

    test("unclosed quote", async () => {
      expect(await withoutHistory("shop-27", { "deploy/deployment.yaml": (t) => t.replace("path: /readyz,", 'path: "/readyz,') })).toMatchInlineSnapshot(`
        "issue: The manifests cannot be built: line 29 of deploy/deployment.yaml: yaml: line 35: Missing closing "quote.
        Look at line 29 of deploy/deployment.yaml: Missing closing "quote. Correct the file that the error names."
      `);
    });
  });

  describe("a chart", () => {
    test("values.yaml loses a value and gains another", async () => {
      expect(
        await outcome("shop-30", {
          "chart/values.yaml": (t) =>
            t.replace("  readiness: /readyz\n", "").replace("probes:\n  liveness: /healthz\n", "").replace("replicas: 2", "replicas: 3"),
        }),
      ).toMatchInlineSnapshot(`
        "render-failed 0.95: 3 lines are gone at line 6 of chart/values.yaml, and the manifests cannot be built since: executing "shop/templates/deployment.yaml" at <.Values.probes.liveness>: nil pointer evaluating interface {}.liveness.
        + probes:
        +   liveness: /healthz
        +   readiness: /readyz"
      `);
    });

    test("values renamed", async () => {
      expect(await outcome("shop-30", { "chart/values.yaml": (t) => t.replace("probes:", "probe:") })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 6 of chart/values.yaml changed, and the manifests cannot be built since: executing "shop/templates/deployment.yaml" at <.Values.probes.liveness>: nil pointer evaluating interface {}.liveness.
        - probe:
        + probes:"
      `);
    });

    test("broken template", async () => {
      expect(
        await outcome("shop-30", { "chart/templates/deployment.yaml": (t) => t.replace("{{- end }}\n          {{- end }}", "{{- end }}") }),
      ).toMatchInlineSnapshot(`
        "render-failed 0.95: A line is gone at line 28 of chart/templates/deployment.yaml, and the manifests cannot be built since: Error: parse error at (shop/templates/deployment.yaml:37): unexpected EOF Use --debug flag to render out invalid YAML.
        +           {{- end }}"
      `);
    });

    test("a new value behind a tab in a values file keeps the value", async () => {
      expect(await outcome("shop-30", { "env/prod-values.yaml": (t) => t.replace("  tag: 1.4.2", "\ttag: 1.4.3") })).toMatchInlineSnapshot(`
        "render-failed 0.75: Line 3 of env/prod-values.yaml is indented with a tab, so that the file is no valid YAML.
        - →tag: 1.4.3
        +   tag: 1.4.3"
      `);
    });

    test("value file deleted", async () => {
      expect(await outcome("shop-30", { "env/prod-values.yaml": undefined })).toMatchInlineSnapshot(`
        "render-failed 0.95: File env/prod-values.yaml was deleted, and the manifests cannot be built without it: prod-values.yaml is listed but does not exist.
        + # production overrides
        + image:
        +   tag: 1.4.2
        + replicas: 2"
      `);
    });

    test("wrong apiVersion of the chart", async () => {
      expect(await outcome("shop-30", { "chart/Chart.yaml": (t) => t.replace("v2", "v9") })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 1 of chart/Chart.yaml changed, and the manifests cannot be built since: Error: unsupported chart version.
        - apiVersion: v9
        + apiVersion: v2"
      `);
    });

    test("template renders broken YAML", async () => {
      expect(await outcome("shop-30", { "chart/templates/deployment.yaml": (t) => t.replace("nindent 12", "nindent 8") })).toMatchInlineSnapshot(`
        "render-failed 0.95: Line 30 of chart/templates/deployment.yaml changed, and the manifests cannot be built since: yaml: line 22: did not find expected '-' indicator.
        -             {{- toYaml .Values.resources | nindent 8 }}
        +             {{- toYaml .Values.resources | nindent 12 }}"
      `);
    });
  });

  describe("a HelmRelease", () => {
    test("the reference to the values mistyped", async () => {
      expect(await outcome("shop-41", { "releases/tower.yaml": (t) => t.replace("tower-values", "tower-value") })).toMatchInlineSnapshot(`
        "helm-failed 0.95: Line 19 of releases/tower.yaml keeps the manifests from being built: it refers to ConfigMap tower-value, which does not exist.
        -       name: tower-value
        +       name: tower-values"
      `);
    });

    test("values in the ConfigMap broken", async () => {
      expect(await outcome("shop-41", { "releases/values.yaml": (t) => t.replace('"replicas: 2"', '"replicas: {2"') })).toMatchInlineSnapshot(`
        "helm-failed 0.95: Line 6 of releases/values.yaml changed, and the manifests cannot be built since: ConfigMap tower-values: line 1: Flow map in block collection must be sufficiently indented and end with a }.
        -   values.yaml: "replicas: {2"
        +   values.yaml: "replicas: 2""
      `);
    });
  });

  describe("a HelmRelease, at the first release", () => {
    test("the reference mistyped", async () => {
      expect(await withoutHistory("shop-41", { "releases/tower.yaml": (t) => t.replace("tower-values", "tower-value") })).toMatchInlineSnapshot(`
        "helm-failed 0.75: Line 19 of releases/tower.yaml refers to ConfigMap tower-value, which does not exist.
        -       name: tower-value
        +       name: tower-values"
      `);
    });
  });
});

/** The recorded delivery fails with this message instead. */
function saying(recording: Recording, message: string): Recording {
  const objects = recording.objects.map((object) => {
    const status = { ...objectAt(object, "status") };
    const conditions = listAt(status, "conditions").map((c) =>
      textAt(c, "type") === "Ready" ? { ...objectAt(c), status: "False", reason: "ReconciliationFailed", message } : c,
    );
    return object.kind === "Kustomization" ? { ...object, status: { ...status, conditions } } : object;
  });
  return { ...recording, objects };
}

describe.skipIf(RENDERERS.kind === "unavailable")("a kind in a version that the cluster does not know", () => {
  const message = 'Deployment/shop-28/outbox dry-run failed: no matches for kind "Deployment" in version "app/v1"\n';
  const recording = (breakage: Breakage) => saying(broken("shop-28", breakage), message);

  test("goes back to the version with which it worked", async () => {
    expect((await play(recording({ [BASE]: (t) => t.replace("apps/v1", "app/v1").replace("replicas: 2", "replicas: 3") }))).outcome).toMatchInlineSnapshot(`
      "invalid-manifest 0.95: Line 2 of base/deployment.yaml asks for kind Deployment in version app/v1, which the cluster does not know.
      - apiVersion: app/v1
      + apiVersion: apps/v1"
    `);
  });

  test("is at home in one version, at the first release", async () => {
    expect((await play(recording({ [BASE]: (t) => t.replace("apps/v1", "app/v1") }), { lastGood: true })).outcome).toMatchInlineSnapshot(`
      "invalid-manifest 0.85: Line 2 of base/deployment.yaml asks for kind Deployment in version app/v1, which the cluster does not know.
      - apiVersion: app/v1
      + apiVersion: apps/v1"
    `);
  });
});
