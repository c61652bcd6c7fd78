import { describe, expect, test } from "vitest";
import { underOldName } from "../../src/source/meant/misnamed-image.ts";
import { asWritten } from "../../src/source/slips/written-tag.ts";

describe("a new tag behind a misspelt name", () => {
  test.each([
    ["acme/orders:1.4.0", "acme/order:1.5.0", "acme/orders:1.5.0"],
    ["registry.example/acme/web:1.4.0", "registry.exmaple/acme/web:1.5.0", "registry.example/acme/web:1.5.0"],
    ["registry:5000/web:a", "registry:5000/wob:b", "registry:5000/web:b"],
    ["registry.example/acme/web:a", "acme/web:b", "registry.example/acme/web:b"],
    ["registry.example/acme/web:a", "registry.example/registry.example/acme/web:b", "registry.example/acme/web:b"],
  ])("stays behind the old name: %s, %s", (before, after, meant) => expect(underOldName(before, after)).toBe(meant));

  test.each([
    ["another image was meant", "acme/orders-api:1.4.0", "acme/orders-ui:1.5.0"],
    ["another version of the program was meant", "acme/orders-v1:1.4.0", "acme/orders-v2:1.5.0"],
    ["it comes from another registry", "registry.example/acme/web:1.4.0", "ghcr.io/acme/web:1.5.0"],
    ["an owner went and no registry", "acme/orders:1.4.0", "orders:1.5.0"],
    ["the name went as well", "registry.example/acme/web:1.4.0", "acme/shop:1.5.0"],
    ["the tag is the old one", "acme/orders:1.4.0", "acme/order:1.4.0"],
    ["the name is the old one", "acme/orders:1.4.0", "acme/orders:1.5.0"],
    ["a digest says which it is", "acme/orders:1.4.0", `acme/order:1.5.0@sha256:${"0".repeat(64)}`],
  ])("is nobody's where %s", (_, before, after) => expect(underOldName(before, after)).toBeUndefined());
});

describe("a tag that was read as a number", () => {
  const values = (text: string) => [{ text: `image:\n  repository: acme/orders\n${text}` }];

  test.each([
    ["with a zero at its end", "acme/orders:1.1", "  tag: 1.10\n", "acme/orders:1.10"],
    ["as a whole number", "acme/orders:2", "  tag: 2.0\n", "acme/orders:2.0"],
    ["as a date", "acme/orders:2.0240115e+07", "  imageTag: 20240115\n", "acme/orders:20240115"],
    ["as an octal number", "acme/orders:83", "  version: 0123\n", "acme/orders:0123"],
  ])("is meant as it is written: %s", (_, image, text, meant) => expect(asWritten(image, values(text))).toBe(meant));

  test.each([
    ["it stands in quotes", '  tag: "1.10"\n'],
    ["it is what it says", "  tag: 1.1\n"],
    ["it is no tag", "  weight: 1.10\n"],
    ["two say it otherwise", "  tag: 1.10\n  oldTag: 1.100\n"],
  ])("is nothing else where %s", (_, text) => expect(asWritten("acme/orders:1.1", values(text))).toBeUndefined());
});
