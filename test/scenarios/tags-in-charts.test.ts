import { describe, expect, test } from "vitest";
import { type Json, type KubeObject, listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import { badgesOf, deployment } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const TEMPLATE = deployment({}).replace("acme/checkout:1.4.1", "{{ .Values.image.repository }}:{{ .Values.image.tag }}");
const PROD = "size: 2\nimage:\n  pullPolicy: Always\n";
const CHART = {
  "deploy/Chart.yaml": "apiVersion: v2\nname: badges\nversion: 0.1.0\n",
  "deploy/templates/badges.yaml": TEMPLATE,
  "deploy/values.yaml": "image:\n  repository: registry.acme.io/shop/badges\n  tag: latest\n",
  "common.yaml": "image:\n  tag: 1.8.2\n",
  "prod.yaml": PROD,
};
type Files = Partial<typeof CHART>;

/** The newest pod waits for its image, and says why; the delivery has two files of values. */
function waits(image: string, reason: string, message: string): (object: KubeObject) => KubeObject[] {
  const state: Json = { waiting: { reason, message } };
  return (object) => {
    const text = JSON.stringify(object).replaceAll('"path":"deploy"', '"path":"deploy","helm":{"valueFiles":["../common.yaml","../prod.yaml"]}');
    if (object.kind === "Application") return [JSON.parse(text)];
    if (object.kind === "Event") return textAt(object, "reason") === "BackOff" ? [{ ...object, reason: "Failed", note: message }] : [object];
    if (object.kind !== "Pod") return [object];
    const statuses = listAt(object, "status", "containerStatuses").map((one) => ({
      ...objectAt(one),
      image,
      ready: false,
      started: false,
      lastState: {},
      state,
    }));
    const containers = listAt(object, "spec", "containers").map((one) => ({ ...objectAt(one), image }));
    return [
      {
        ...object,
        spec: { ...objectAt(object, "spec"), containers },
        status: { ...objectAt(object, "status"), phase: "Pending", containerStatuses: statuses },
      },
    ];
  };
}

const invalid = (image: string) =>
  waits(image, "InvalidImageName", `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`);
const missing = (image: string) =>
  waits(image, "ImagePullBackOff", `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": ${image}: not found`);

function outcome(change: Files, live: (object: KubeObject) => KubeObject[]): Promise<string[]> {
  return badgesOf({ good: CHART, bad: { ...CHART, "prod.yaml": PROD.replace("2", "3"), ...change }, says: "", live });
}

describe.skipIf(RENDERERS.kind === "unavailable")("a new tag that YAML reads as a number", () => {
  test.each([
    ["a date", "20261123", "2.0261123e+07"],
    ["digits of a hash with an e between", "731e42", "7.31e+44"],
  ])("gets quotes where it stands: %s", async (_, tag, printed) => {
    const live = invalid(`registry.acme.io/shop/badges:${printed}`);
    expect(await outcome({ "common.yaml": `image:\n  tag: ${tag}\n` }, live)).toEqual(["image-not-found", `- tag: ${tag}`, `+ tag: "${tag}"`]);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a new tag behind a name without its registry, or with it twice", () => {
  const values = (repository: string) => `image:\n  repository: ${repository}\n  tag: latest\n`;

  test.each([
    ["without", "shop/badges", "shop/badges:1.9.0"],
    ["twice", "registry.acme.io/registry.acme.io/shop/badges", "registry.acme.io/registry.acme.io/shop/badges:1.9.0"],
  ])("stays, and the registry is put right: %s", async (_, repository, image) => {
    const change = { "deploy/values.yaml": values(repository), "common.yaml": "image:\n  tag: 1.9.0\n" };
    const fix = ["image-not-found", `- repository: ${repository}`, "+ repository: registry.acme.io/shop/badges"];
    expect(await outcome(change, missing(image))).toEqual(fix);
  });

  test("and goes where the image comes from another registry", async () => {
    const change = { "deploy/values.yaml": values("ghcr.io/shop/badges"), "common.yaml": "image:\n  tag: 1.9.0\n" };
    expect(await outcome(change, missing("ghcr.io/shop/badges:1.9.0"))).toMatchInlineSnapshot(`
      [
        "people: image-not-found, spec.template.spec.containers[name=badges].image of Deployment shop-67/badges is written out in the template deploy/templates/badges.yaml, which is YAML only when it is rendered: make it a value of the chart, or change it there by hand",
      ]
    `);
  });
});
