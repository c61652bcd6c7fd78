import { describe, expect, test } from "vitest";
import { badgesOf, deployment, unready } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const READ_ONLY = "Error: cannot create /var/cache/badges: Read-only file system";

/** A chart whose template writes out all but the image's tag. */
function chart(tag: string, container: Parameters<typeof deployment>[0]["container"], more: { [file: string]: string } = {}) {
  return {
    "deploy/Chart.yaml": "apiVersion: v2\nname: badges\nversion: 0.1.0\n",
    "deploy/values.yaml": `tag: ${tag}\n`,
    "deploy/templates/deployment.yaml": deployment({ ...(container ? { container } : {}) }).replace("acme/checkout:1.4.1", "acme/checkout:{{ .Values.tag }}"),
    ...more,
  };
}

describe.skipIf(RENDERERS.kind === "unavailable")("what a chart's template writes out, and no value decides", () => {
  const hardened = { securityContext: { readOnlyRootFilesystem: true } };

  test("gets the entries that a program needs", async () => {
    expect(await badgesOf({ good: chart("1.4.1", {}), bad: chart("1.4.2", hardened), says: READ_ONLY })).toMatchInlineSnapshot(`
      [
        "crash-on-start",
        "+ volumeMounts:",
        "+ - name: var-cache-badges",
        "+ mountPath: /var/cache/badges",
        "+ volumes:",
        "+ - name: var-cache-badges",
        "+ emptyDir: {}",
      ]
    `);
  });

  test("stays for people where another chart is made of it too", async () => {
    const shared = { "other/kustomization.yaml": "resources: [../deploy/templates/deployment.yaml]\n" };
    const fix = await badgesOf({ good: chart("1.4.1", {}, shared), bad: chart("1.4.2", hardened, shared), says: READ_ONLY });
    expect(fix).toMatchInlineSnapshot(`
      [
        "people: crash-on-start, deploy/templates/deployment.yaml is shared: other would change with it. Change it there together, or override the field in deploy",
      ]
    `);
  });

  const probing = (basePath: string, tag: string) => {
    const files = chart(tag, { readinessProbe: { httpGet: { path: "PREFIX/readyz", port: "http" } } });
    return {
      ...files,
      "deploy/values.yaml": `tag: ${tag}\nbasePath: ${basePath}\n`,
      "deploy/templates/deployment.yaml": (files["deploy/templates/deployment.yaml"] ?? "").replace("PREFIX", "{{ .Values.basePath }}"),
    };
  };

  test("is computed without what does not belong there", async () => {
    const live = unready("Readiness probe failed: HTTP probe failed with statuscode: 404");
    const fix = await badgesOf({ good: probing('""', "1.4.1"), bad: probing("/shop", "1.4.2"), says: "listening on :8080", live });
    expect(fix).toMatchInlineSnapshot(`
      [
        "readiness-probe",
        "- path: {{ .Values.basePath }}/readyz",
        "+ path: /readyz",
      ]
    `);
  });
});
