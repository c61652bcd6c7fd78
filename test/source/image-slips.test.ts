import { expect, test } from "vitest";
import { imageAsMeant } from "../../src/source/meant/image-slips.ts";

test.each([
  ["https://registry.acme.example/shop/web:1.4.2", "registry.acme.example/shop/web:1.4.2"],
  ["docker://acme/web:1.4.2", "acme/web:1.4.2"],
  ["acme/web:1.4.2:1.4.2", "acme/web:1.4.2"],
  ["acme//web:1.4.2", "acme/web:1.4.2"],
  ["Acme/Web:1.4.2-RC1", "acme/web:1.4.2-RC1"],
  [" acme/web:1.4.2", "acme/web:1.4.2"],
  ["acme/web: 1.4.2", "acme/web:1.4.2"],
  ["localhost:5000//web:1", "localhost:5000/web:1"],
])("%s is meant as %s", (image, meant) => expect(imageAsMeant(image)).toBe(meant));

test.each(["acme/web:1.4.2", "acme/web:1.4.1:1.4.2", "acme/web:", "acme/web:1.4.2+build", "https://acme/web", "acme/{{ tag }}:1", "https://acme/web:latest"])(
  "%s is not to be read otherwise",
  (image) => expect(imageAsMeant(image)).toBeUndefined(),
);
