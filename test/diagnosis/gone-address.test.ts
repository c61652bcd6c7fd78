import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { ledToGone } from "../../src/diagnosis/playbook/addresses/gone-address.ts";

const service = (name: string): KubeObject => ({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "shop" } });
const now: KubeObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "cart", namespace: "shop" } };

/** Service `stock` is gone; whether this value led there. */
function led(before: string, surroundings: KubeObject[] = []): boolean {
  const input = { rendered: [service("goods")], lastGood: { objects: [service("stock")] }, observation: { surroundings } } as unknown as DiagnosisInput;
  return ledToGone({ input, now }, [{ path: ["value"], before, after: "x" }]);
}

describe("an address of before that led to a Service which is gone", () => {
  test.each(["http://stock/", "stock:80", "stock", "stock-0.stock", "postgres://u:p@stock/db", "http://stock.shop.svc"])("%s", (value) =>
    expect(led(value)).toBe(true),
  );

  test.each(["http://stock-api/", "postgres://stock@10.0.0.5/stock", "http://x/stock", "goods"])("and not %s", (value) => expect(led(value)).toBe(false));

  test("nor where others still have it", () => expect(led("http://stock/", [service("stock")])).toBe(false));
});
