import { describe, expect, it } from "vitest";
import { doubled, milli, moreThan } from "../../src/cluster/quantity.ts";
import { kindred, nearMatch, onlyAlike } from "../../src/diagnosis/near-match.ts";
import { typingErrors } from "../../src/source/edit/typing-errors.ts";

describe("a near match", () => {
  it.each([
    ["stock-setting", ["stock-settings", "stock-data"], "stock-settings"],
    ["baseCurrency", ["base-currency", "target-currency"], "base-currency"],
    ["migrat", ["serve", "migrate"], "migrate"],
    ["chekcout", ["checkout", "catalog"], "checkout"],
  ])("of %s among %j is %s", (wrong, known, meant) => {
    expect(nearMatch(wrong, known)).toBe(meant);
  });

  it.each([
    ["two that are equally near", "setting-a", ["setting-b", "setting-c"]],
    ["names that only begin alike", "cart-settings", ["cart-config"]],
    ["short names", "web", ["api", "wab"]],
    ["itself", "http", ["http"]],
    ["texts that are no names", "x".repeat(5000), ["x".repeat(4999)]],
  ])("is not found: %s", (_, wrong, known) => {
    expect(nearMatch(wrong, known)).toBeUndefined();
  });

  it("of the only one there is may differ by a word", () => {
    expect(onlyAlike("tickets-web", ["tickets"])).toBe("tickets");
    expect(onlyAlike("shop-settings", ["cart-settings"])).toBe("cart-settings");
    expect(onlyAlike("settings", ["cart-settings"])).toBeUndefined();
    expect(onlyAlike("tickets-web", ["tickets", "tickets-worker"])).toBeUndefined();
    expect(onlyAlike("---", ["--"])).toBeUndefined();
  });

  it.each([
    ["data-media", ["media-data", "media-cache"], "media-data"],
    ["cart-env", ["cart-settings", "shop-settings"], "cart-settings"],
    ["common-config", ["shop-common", "shop-prices"], "shop-common"],
    ["catalog-service", ["catalog", "checkout"], "catalog"],
    ["easel-uploads", ["uploads"], "uploads"],
    ["bakery", ["bakery-api", "bakery-web"], undefined],
    ["feed-store-config", ["feed-config", "shop-config"], undefined],
    ["settings", ["config"], undefined],
    ["---", ["--"], undefined],
  ])("the words of %s, among %j, are those of %s", (wrong, known, meant) => {
    expect(kindred(wrong, known)).toBe(meant);
  });

  it("counts swapped letters once", () => {
    expect(typingErrors("sevrer", "server")).toBe(1);
    expect(typingErrors("", "abc")).toBe(3);
  });
});

describe("quantities", () => {
  it.each([
    ["20m", "20"],
    ["0.5", "500"],
    [2, "2000"],
    ["1Ki", "1024000"],
    ["1.5Gi", "1610612736000"],
    ["1e3", undefined],
    ["-1", undefined],
    ["96 Mi", undefined],
    [null, undefined],
  ])("%j is %s thousandths", (quantity, thousandths) => {
    expect(milli(quantity)?.toString()).toBe(thousandths);
  });

  it("are compared over their units", () => {
    expect(moreThan("1Gi", "1000Mi")).toBe(true);
    expect(moreThan("1G", "1Gi")).toBe(false);
    expect(moreThan("much", "1Gi")).toBe(false);
  });

  it.each([
    ["96Mi", "192Mi"],
    ["1.5Gi", "3.0Gi"],
    ["0.25Gi", "0.50Gi"],
    [134217728, "268435456"],
    ["lots", undefined],
  ])("twice %j is %j", (quantity, twice) => {
    expect(doubled(quantity)).toBe(twice);
  });
});
