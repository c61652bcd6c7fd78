import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { answerFor, both, edited } from "./retold.ts";

const SETTINGS = "deploy/settings.yaml";
const DEPLOYMENT = "deploy/deployment.yaml";
/** Reads the only ConfigMap that there is. */
const JOB =
  "apiVersion: batch/v1\nkind: Job\nmetadata: {name: seed}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: seed, image: a:1, envFrom: [{configMapRef: {name: cart-config}}]}]}}}\n";

describe("a ConfigMap that nobody made (shop-05)", () => {
  const reading = (...names: string[]) =>
    edited(
      DEPLOYMENT,
      / +envFrom:\n(?: {12}.*\n)+/,
      `          envFrom:${names.length === 0 ? " []" : ""}\n${names.map((name) => `            - configMapRef: {name: ${name}}\n`).join("")}`,
    );
  const beside = (name: string) => edited(SETTINGS, /$/, `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {BANNER: "on"}\n`);
  const called = (name: string) => edited(SETTINGS, "cart-settings", name);

  test("is not the one that the same container reads already", async () => {
    expect(await answerFor({ id: "shop-05", good: both(called("cart-config"), reading("cart-config")), bad: reading("cart-config", "cart-settings") })).toBe(
      "escalate",
    );
  });

  test("is not the only other one, when its name says more than that one's", async () => {
    const live = (object: KubeObject) => [JSON.parse(JSON.stringify(object).replaceAll("cart-settings", "cart-limits"))];
    const other = edited("deploy/job.yaml", /$/, JOB);
    expect(await answerFor({ id: "shop-05", good: both(called("cart-config"), reading(), other), bad: reading("cart-limits"), live })).toBe("escalate");
  });

  test("is one that came with it and is called nearly so", async () => {
    const good = both(called("cart-config"), reading("cart-config"));
    const bad = both(reading("cart-config", "cart-settings"), beside("cart-setting"));
    expect(await answerFor({ id: "shop-05", good, bad })).toEqual(['[1].configMapRef.name = "cart-setting"']);
  });
});

describe("an account that nobody made (shop-59)", () => {
  const without = edited(DEPLOYMENT, / +serviceAccountName: .*\n/, "");
  const running = (account: string) => edited(DEPLOYMENT, /\s*$/, `\n      serviceAccountName: ${account}\n`);

  test("is the one that the delivery has for it, where the commit asks for one for the first time", async () => {
    expect(await answerFor({ id: "shop-59", good: without, bad: running("returns") })).toEqual(['template.spec.serviceAccountName = "returns-web"']);
  });

  test("goes again where there is none like it", async () => {
    const good = both(without, edited("deploy/account.yaml", "returns-web", "importer"));
    expect(await answerFor({ id: "shop-59", good, bad: running("returns") })).toEqual(["template.spec.serviceAccountName = undefined"]);
  });
});

describe("a Secret that nobody made (shop-05)", () => {
  const sealed = (name: string, key: string) =>
    edited(
      "deploy/sealed.yaml",
      /$/,
      `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: ${name}}\nspec: {encryptedData: {${key}: AgB}}\n`,
    );
  const variable = (name: string, secret: string, key: string) => `            - {name: ${name}, valueFrom: {secretKeyRef: {name: ${secret}, key: ${key}}}}\n`;
  const having = (...variables: string[]) => edited(DEPLOYMENT, / +envFrom:\n(?: {12}.*\n)+/, `          env:\n${variables.join("")}`);
  const answer = (missing: string, ...edits: ReturnType<typeof edited>[]) => {
    const said = (object: KubeObject) =>
      JSON.parse(JSON.stringify(object).replaceAll("cart-settings", missing).replaceAll("configmap \\", "secret \\").replaceAll("configmap", "secret"));
    return answerFor({ id: "shop-05", bad: both(...edits), live: (object) => [said(object)], isFirst: true });
  };

  test("is not the one with another key", async () => {
    const edits = [sealed("cart-secret", "db-password"), having(variable("TOKEN", "cart-gateway", "token"))];
    expect(await answer("cart-gateway", ...edits)).toBe("escalate");
  });

  test("is not the one that the pod reads already", async () => {
    const edits = [sealed("cart-secret", "token"), having(variable("OLD", "cart-secret", "token"), variable("TOKEN", "cart-gateway", "token"))];
    expect(await answer("cart-gateway", ...edits)).toBe("escalate");
  });

  test("is the one with a name like it that has the key", async () => {
    const edits = [sealed("cart-secret", "token"), having(variable("TOKEN", "cart-app-secret", "token"))];
    expect(await answer("cart-app-secret", ...edits)).toEqual(['valueFrom.secretKeyRef.name = "cart-secret"']);
  });
});

describe("a claim that nobody made (shop-753)", () => {
  const job =
    "---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: seed}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: seed, image: a:1}], volumes: [{name: data, persistentVolumeClaim: {claimName: archive-data}}]}}}\n";
  const using = edited("overlays/prod/claim.yaml", /$/, job);
  const asking = edited("overlays/prod/patch.yaml", /claimName: .*/, "claimName: archive-data-prod");

  test("is the only one, where nothing uses that", async () => {
    expect(await answerFor({ id: "shop-753", bad: asking, isFirst: true })).toEqual(['[name=data].persistentVolumeClaim.claimName = "archive-data"']);
  });

  test("is not one that others use, when its name says more", async () => {
    expect(await answerFor({ id: "shop-753", bad: both(using, asking), isFirst: true })).toBe("escalate");
  });
});
