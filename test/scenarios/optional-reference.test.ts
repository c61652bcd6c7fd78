import { describe, expect, test } from "vitest";
import { badgesFix } from "./badges.ts";
import { fixOf, withoutOldPods } from "./recorded-fix.ts";
import { type Breakage, broken, RENDERERS } from "./unrenderable.ts";

const PROGRAM = "deploy/mailing.yaml";
const SECRETS = "deploy/secrets.yaml";

/** The program of shop-963 misses SMTP_PASSWORD, which it got from an optional Secret. */
function outcome(breakage: Breakage, good: Breakage = {}): Promise<string[]> {
  const recording = broken("shop-963", breakage, good);
  return fixOf(Object.keys(good).length > 0 ? withoutOldPods(recording, '"mailing-smtp"') : recording);
}

const asks = (name: string) => (text: string) => text.replace("name: mailing-smtp", `name: ${name}`);
const single = (secret: string) => (text: string) =>
  text.replace(
    /( +)envFrom:\n[^-]*- secretRef:\n.*\n.*\n/,
    `$1  - name: SMTP_PASSWORD\n$1    valueFrom: {secretKeyRef: {name: ${secret}, key: password, optional: true}}\n`,
  );

describe.skipIf(RENDERERS.kind === "unavailable")("a variable of an optional reference that leads nowhere", () => {
  test("is got again by the old name, and the rest of the commit stays", async () => {
    expect(await outcome({ [PROGRAM]: (text) => asks("other")(text).replace("1.4.1", "1.4.2") })).toEqual([
      "secret-missing",
      "- name: other",
      "+ name: mailing-smtp",
    ]);
  });

  test("is got by the new name where the Secret was renamed", async () => {
    expect(await outcome({ [SECRETS]: (text) => text.replace("mailing-smtp", "post-office") })).toEqual([
      "secret-missing",
      "- name: mailing-smtp",
      "+ name: post-office",
    ]);
  });

  test("is got again by its own reference", async () => {
    const good: Breakage = { [PROGRAM]: single("mailing-smtp"), [SECRETS]: (text) => text.replace("SMTP_PASSWORD", "password") };
    expect(await outcome({ [PROGRAM]: asks("other") }, good)).toEqual([
      "secret-missing",
      expect.stringMatching(/^- valueFrom: .*other/),
      expect.stringMatching(/^\+ valueFrom: .*mailing-smtp/),
    ]);
  });

  test.each<[string, Breakage, Breakage]>([
    ["where the old Secret does not have it", { [PROGRAM]: asks("other") }, { [SECRETS]: (text) => text.replace("SMTP_PASSWORD", "SMTP_USER") }],
    ["where the old Secret is gone", { [PROGRAM]: asks("other"), [SECRETS]: (text) => text.replace("mailing-smtp", "unrelated") }, {}],
    [
      "where the delivery makes the new one",
      { [PROGRAM]: asks("other"), [SECRETS]: (text) => `${text}---\n${text.replace("mailing-smtp", "other").replace("SMTP_PASSWORD", "SMTP_USER")}` },
      {},
    ],
    ["where nothing of it changed", { [PROGRAM]: (text) => text.replace("1.4.1", "1.4.2") }, { [PROGRAM]: asks("other") }],
  ])("is left to people %s", async (_, breakage, good) => {
    expect(await outcome(breakage, good)).toEqual([expect.stringMatching(/^people: /)]);
  });
});

/** The CronJob of shop-962 is new, and asks for its DATABASE_URL by a name that nothing has. */
function firstOutcome(breakage: Breakage): Promise<string[]> {
  const recorded = broken("shop-962", { "README.md": "# Delivery, tidied\n" });
  const { after } = broken("shop-962", { ...ADDED, ...breakage });
  return fixOf({ ...recorded, after });
}

const ALL = "apps/orders/all.yaml";
const CLEANUP =
  'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: orders-cleanup}\nspec:\n  schedule: "* * * * *"\n  concurrencyPolicy: Forbid\n  jobTemplate:\n    spec:\n      backoffLimit: 1\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: cleanup\n              image: acme/payments:1.4.1\n              args: [migrate]\n              env:\n                - name: DATABASE_URL\n                  valueFrom: {secretKeyRef: {name: orders-db, key: url}}\n';
const ADDED: Breakage = { "apps/orders/cleanup.yaml": CLEANUP, "apps/orders/kustomization.yaml": (text) => `${text.trimEnd()}\n  - cleanup.yaml\n` };

describe.skipIf(RENDERERS.kind === "unavailable")("a new reference to a Secret that is not there", () => {
  test("is meant for the one from which another workload reads that variable", async () => {
    expect(await firstOutcome({ "README.md": "# As recorded\n" })).toEqual([
      "secret-missing",
      "- valueFrom: {secretKeyRef: {name: orders-db, key: url}}",
      "+ valueFrom: {secretKeyRef: {name: orders-database, key: url}}",
    ]);
  });

  test.each<[string, Breakage]>([
    ["where nobody else reads the variable from it", { [ALL]: (text) => text.replace("name: DATABASE_URL", "name: STORE_URL") }],
    ["where another key is meant", { "apps/orders/cleanup.yaml": CLEANUP.replace("key: url", "key: reader") }],
    ["where its name is another one", { "apps/orders/cleanup.yaml": CLEANUP.replace("orders-db", "reporting") }],
  ])("is left to people %s", async (_, breakage) => {
    expect(await firstOutcome(breakage)).toEqual([expect.stringMatching(/^people: secret-missing/)]);
  });
});

test.skipIf(RENDERERS.kind === "unavailable").each([
  ["one is called nearly so", { databaseUrl: "postgres://shop@10.20.0.5/shop" }, ["crash-on-start", "- key: database_url", "+ key: databaseUrl"]],
  ["nothing is called so", { cacheUrl: "redis://cache" }, [expect.stringMatching(/^people: /)]],
])("a key that a ConfigMap does not have, and need not have: %s", async (_, settings, outcome) => {
  const env = [{ name: "DATABASE_URL", valueFrom: { configMapKeyRef: { name: "settings", key: "database_url", optional: true } } }];
  const says = 'level=ERROR msg="required environment variable is not set" name=DATABASE_URL';
  expect(await badgesFix({ bad: { env, maps: { settings } }, says })).toEqual(outcome);
});
