import { expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { isAlmost } from "../../src/diagnosis/near-match.ts";
import { misnamedImages } from "../../src/source/slips/misnamed-images.ts";

const PATH = "overlays/prod/kustomization.yaml";
const entry = (name: string, more = "newTag: 1.4.2") => `images:\n  - name: ${name}   # by hand\n    ${more}\n`;
const running = (...images: string[]): KubeObject[] => [
  { apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, spec: { containers: images.map((image, i) => ({ name: `c${i}`, image })) } },
];

/** What the file would be. */
function corrected(text: string, images: string[], lastGood = entry("acme/checkout")): string[] {
  return misnamedImages([{ path: PATH, text, lastGood }], running(...images), isAlmost).map(({ change }) => change.after ?? "");
}

test("an entry for no image is for the one of almost that name that has no tag", () => {
  expect(corrected(entry("acme/chekout"), ["acme/checkout", "busybox:1.36"])).toEqual([entry("acme/checkout")]);
});

test.each([
  ["no image is called nearly so", entry("acme/payments"), ["acme/checkout"]],
  ["it gives the image another name", entry("acme/chekout", "newName: acme/other"), ["acme/checkout"]],
  ["it is for an image", entry("acme/chekout"), ["acme/chekout:1.4.2", "acme/checkout"]],
  ["two images are called nearly so", entry("acme/chekout"), ["acme/checkout", "acme/chekouts"]],
])("and for none where %s", (_, text, images) => expect(corrected(text, images)).toEqual([]));

test("an entry that had the name of an image until the commit has it again, also where the manifests give that a tag", () => {
  expect(corrected(entry("acme/chekout"), ["acme/checkout:0.0.0"])).toEqual([entry("acme/checkout")]);
  expect(corrected(entry("acme/chekout"), ["acme/checkout:0.0.0"], "images: []\n")).toEqual([]);
  expect(corrected(entry("acme/payments"), ["acme/checkout:0.0.0"])).toEqual([]);
});

test("nor where it was called so when all was well", () => {
  expect(corrected(entry("acme/chekout"), ["acme/checkout"], entry("acme/chekout", "newTag: 1.4.1"))).toEqual([]);
});

test("an entry follows the manifests, which call its image otherwise since", () => {
  const manifest = (image: string) => `kind: Pod\nspec:\n  containers:\n    - image: ${image}\n`;
  const follow = (text: string, now: string) =>
    misnamedImages(
      [
        { path: PATH, text, lastGood: entry("acme/web", "newTag: 1.4.1") },
        { path: "base/pod.yaml", text: manifest(now), lastGood: manifest("acme/web:dev") },
      ],
      running(now),
      isAlmost,
    ).map(({ change }) => change.after);
  expect(follow(entry("acme/web"), "ghcr.io/acme/web:dev")).toEqual([entry("ghcr.io/acme/web")]);
  expect(follow(entry("acme/web"), "acme/web:next")).toEqual([]);
  expect(follow(entry("acme/other"), "ghcr.io/acme/web:dev")).toEqual([]);
});
