import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const secret = (name: string, keys: string[], rest = "") =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\n${rest}stringData: ${JSON.stringify(Object.fromEntries(keys.map((key) => [key, "only for tests"])))}\n`;
const external = (name: string, target: string, store = "vault") =>
  `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: ${name}}\nspec: {secretStoreRef: {name: ${store}}, target: {name: ${target}}, data: [{secretKey: token}]}\n`;

const FROM = "          envFrom: [{secretRef: {name: cart-settings}}]\n";
const VOLUME = (rest: string) =>
  `          volumeMounts: [{name: words, mountPath: /etc/words}]\n      volumes: [{name: words, secret: {secretName: cart-settings${rest}}}]\n`;

/** In shop-05 a ConfigMap went that the Deployment still reads; here it is a Secret. */
async function changesFor(old: string[], came: string[], reads: string, release = "checkout:1.4.2"): Promise<unknown> {
  const recording = loadRecording("shop-05");
  const deployment = (recording.after["deploy/deployment.yaml"] ?? "").replace(/ +envFrom:\n.*\n.*\n/, reads);
  const files = (made: string[], image = "checkout:1.4.2") => ({
    ...recording.after,
    "deploy/deployment.yaml": deployment.replace("checkout:1.4.2", image),
    "deploy/settings.yaml": made.join("---\n"),
  });
  const objects = JSON.parse(JSON.stringify(recording.objects).replaceAll("configmap \\", "secret \\"));
  const input = await caseOf({ ...recording, objects, before: files(old, release), after: files(came) });
  const finding = input && consultPlaybook(input)[0]?.finding;
  expect(finding?.failureClass).toBe("secret-missing");
  const action = finding?.action;
  return action?.kind === "fix" ? [...new Set(action.changes.map(({ before, after }) => `${String(before)} → ${String(after)}`))] : action?.kind;
}

describe("a reference follows the only Secret that went to the only one that came", () => {
  test.each<[string, string, string, string]>([
    ["in envFrom", secret("cart-settings", ["token"]), secret("storefront", ["token", "more"]), FROM],
    ["in a volume", secret("cart-settings", ["token"]), secret("storefront", ["token"]), VOLUME("")],
    ["in a volume with items", secret("cart-settings", ["token"]), secret("storefront", ["token"]), VOLUME(", items: [{key: token, path: token}]")],
    ["where an operator makes it", external("cart", "cart-settings"), external("cart", "storefront"), FROM],
  ])("%s", async (_, old, came, reads) => expect(await changesFor([old], [came], reads)).toEqual(["cart-settings → storefront"]));
});

describe("it stays", () => {
  const old = secret("cart-settings", ["token"]);
  test.each<[string, string[], string[]]>([
    ["where two came", [old], [secret("storefront", ["token"]), secret("backoffice", ["token"])]],
    ["where two went", [old, secret("other", ["token"])], [secret("storefront", ["token"])]],
    ["where a key is missing", [old], [secret("storefront", ["password"])]],
    ["where the type is another", [old], [secret("storefront", ["token"], "type: kubernetes.io/basic-auth\n")]],
    ["where it comes from another store", [external("cart", "cart-settings")], [external("cart", "storefront", "other")]],
    ["where it was there before", [old, secret("storefront", ["token"])], [secret("storefront", ["token"])]],
  ])("%s", async (_, then, came) => expect(await changesFor(then, came, FROM)).toBe("escalate"));
});

test("two Secrets that one commit renamed are followed at once, though the kubelet names one at a time", async () => {
  const both = "          envFrom: [{secretRef: {name: cart-settings}}, {secretRef: {name: cart-mail}}]\n";
  const then = [secret("cart-settings", ["token"]), secret("cart-mail", ["login"])];
  const now = [secret("cart-setting", ["token"]), secret("cart-mails", ["login"])];
  expect(await changesFor(then, now, both, "checkout:1.4.1")).toEqual(["cart-settings → cart-setting", "cart-mail → cart-mails"]);
});
