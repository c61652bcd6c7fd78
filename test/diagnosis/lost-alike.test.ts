import { expect, test } from "vitest";
import { lostAlike } from "../../src/diagnosis/playbook/blame/lost-alike.ts";

const gone = ["LEDGER_URL", "PAYMENT_PROVIDER"].map((name) => ({
  name,
  difference: { path: ["env", { key: "name", value: name }], before: { name }, after: undefined },
}));

/** What comes back beside LEDGER_URL, by the diff of the commits. */
function beside(diff: string): string[] {
  const input = { evidence: { items: [{ kind: "git-diff", text: diff }] } };
  return lostAlike({ input } as unknown as Parameters<typeof lostAlike>[0], ["LEDGER_URL"], gone).map(({ name }) => name);
}

test("a list that another one replaced took them all along", () => {
  expect(beside("+extraEnv:\n+  - name: SCORE_MIN\n")).toEqual(["PAYMENT_PROVIDER"]);
});

test("what a commit took out itself stays out, in whatever habit it is named", () => {
  expect(beside("-  - name: PAYMENT_PROVIDER\n")).toEqual([]);
  expect(beside("-  paymentProvider: adyen\n")).toEqual([]);
});

test("a diff of which something is left out proves nothing", () => {
  expect(beside("+extraEnv:\n[… 1200 bytes left out …]\n")).toEqual([]);
});
