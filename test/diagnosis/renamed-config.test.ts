import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const map = (name: string, data: Record<string, string>) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${JSON.stringify(data)}\n`;
const OLD = map("cart-settings", { THEME: "dark", LIMIT: "20" });

/** In shop-05 ConfigMap cart-settings went, which the Deployment still reads. `came`: the manifests of today; `reads`: how the pods read it. */
async function changesFor(came: string[], reads?: string, old = OLD): Promise<unknown> {
  const recording = loadRecording("shop-05");
  const deployment = (recording.after["deploy/deployment.yaml"] ?? "").replace(
    / +envFrom:\n.*\n.*\n/,
    reads ?? "          envFrom: [{configMapRef: {name: cart-settings}}]\n",
  );
  const files = (settings: string) => ({ ...recording.after, "deploy/deployment.yaml": deployment, "deploy/settings.yaml": settings });
  const input = await caseOf({ ...recording, before: files(old), after: files(came.join("---\n")) });
  const action = input && consultPlaybook(input)[0]?.finding.action;
  return action?.kind === "fix" ? action.changes.map(({ before, after }) => [before, after]) : action?.kind;
}

const MOUNT = (subPath: string) =>
  `          volumeMounts: [{name: words, mountPath: /etc/words${subPath}}]\n      volumes: [{name: words, configMap: {name: cart-settings}}]\n`;

describe("a reference follows the only ConfigMap that went to the only one that came", () => {
  test("though all its values changed", async () => {
    expect(await changesFor([map("storefront", { THEME: "light", LIMIT: "30" })])).toEqual([["cart-settings", "storefront"]]);
  });

  test("though one key of several is gone", async () => {
    const old = map("cart-settings", { THEME: "dark", LIMIT: "20", TITLE: "Cart" });
    expect(await changesFor([map("storefront", { THEME: "light", LIMIT: "30" })], undefined, old)).toEqual([["cart-settings", "storefront"]]);
  });

  test("in a volume", async () => {
    expect(await changesFor([map("storefront", { THEME: "light", LIMIT: "30" })], MOUNT(", subPath: THEME"))).toEqual([["cart-settings", "storefront"]]);
  });
});

describe("it stays", () => {
  const [one, two] = [map("storefront", { THEME: "light", LIMIT: "30" }), map("colours", { THEME: "blue", LIMIT: "1" })];

  test.each<[string, string[], string | undefined, string | undefined]>([
    ["where two came", [one, two], undefined, undefined],
    ["where two went", [one], undefined, `${OLD}---\n${map("other", { A: "1" })}`],
    ["where other keys came", [map("storefront", { COLOUR: "light", SIZE: "30" })], undefined, undefined],
    [
      "where the one key that is gone is mounted",
      [map("storefront", { THEME: "light", TITLE: "30" })],
      MOUNT(", subPath: LIMIT"),
      map("cart-settings", { THEME: "dark", LIMIT: "20", TITLE: "Cart" }),
    ],
  ])("%s", async (_, came, reads, old) => expect(await changesFor(came, reads, old)).toBe("escalate"));
});

describe("a reference that the commit changed to what is not there", () => {
  const READS = "          envFrom: [{configMapRef: {name: cart-settings}}]\n";
  const changed = async (wrong: string, came: string[]) => {
    const recording = loadRecording("shop-05");
    const deployment = (name: string) =>
      (recording.after["deploy/deployment.yaml"] ?? "").replace(/ +envFrom:\n.*\n.*\n/, READS.replace("cart-settings", name));
    const pods = recording.objects.map((object) => JSON.parse(JSON.stringify(object).replaceAll(/configmap \\"cart-settings\\"/g, `configmap \\"${wrong}\\"`)));
    const files = (name: string, maps: string[]) => ({
      ...recording.after,
      "deploy/deployment.yaml": deployment(name),
      "deploy/settings.yaml": maps.join("---\n"),
    });
    const input = await caseOf({ ...recording, objects: pods, before: files("cart-settings", [OLD]), after: files(wrong, [OLD, ...came]) });
    const action = input && consultPlaybook(input)[0]?.finding.action;
    return action?.kind === "fix" ? action.changes.map(({ before, after }) => [before, after]) : action?.kind;
  };
  const next = (name: string) => map(name, { THEME: "light", LIMIT: "30" });

  test("is led to the one like it that came with the commit", async () => {
    expect(await changed("basket-setings-v2", [next("basket-settings-v2")])).toEqual([["basket-setings-v2", "basket-settings-v2"]]);
  });

  test("goes back where nothing like it came, or where it is the old one misspelt", async () => {
    expect(await changed("basket-settings-v2", [])).toEqual([["basket-settings-v2", "cart-settings"]]);
    expect(await changed("cart-setings", [next("cart-settings-v2")])).toEqual([["cart-setings", "cart-settings"]]);
  });
});

describe("a ConfigMap whose own name is misspelt", () => {
  /** Two Deployments read `cart-config`, which the map was to be called. */
  async function reasonFor(readers: number, came: string): Promise<string | undefined> {
    const recording = loadRecording("shop-05");
    const reads = (text: string, name: string) => text.replace(/ +envFrom:\n.*\n.*\n/, `          envFrom: [{configMapRef: {name: ${name}}}]\n`);
    const deployment = recording.after["deploy/deployment.yaml"] ?? "";
    const second = deployment.replace(/^ {2}name: .*$/m, "  name: second");
    const files = (name: string, map: string) => ({
      ...recording.after,
      "deploy/deployment.yaml": reads(deployment, name),
      "deploy/settings.yaml": map,
      ...(readers > 1 ? { "deploy/second.yaml": reads(second, name) } : {}),
    });
    const text = JSON.stringify(recording.objects).replaceAll("cart-settings", "cart-config");
    const input = await caseOf({ ...recording, objects: JSON.parse(text), before: files("cart-settings", OLD), after: files("cart-config", came) });
    const action = input && consultPlaybook(input)[0]?.finding.action;
    return action?.kind === "escalate" ? action.reason : action?.kind;
  }

  test("is left to people, where all who read it agree", async () => {
    expect(await reasonFor(2, map("cart-confg", { THEME: "dark" }))).toContain("whose name is misspelt");
  });

  test("but one reader may be the one that errs", async () => expect(await reasonFor(1, map("cart-confg", { THEME: "dark" }))).toBe("fix"));
});

describe("two ConfigMaps that one commit renamed", () => {
  const both = "          envFrom: [{configMapRef: {name: cart-settings}}, {configMapRef: {name: cart-flags}}]\n";
  const [settings, flags] = [{ THEME: "dark" }, { BETA: "on" }];
  const then = `${map("cart-settings", settings)}---\n${map("cart-flags", flags)}`;

  test("are followed at once, though the kubelet names one at a time", async () => {
    expect(await changesFor([map("shop-cart-settings", settings), map("shop-cart-flags", flags)], both, then)).toEqual([
      ["cart-settings", "shop-cart-settings"],
      ["cart-flags", "shop-cart-flags"],
    ]);
  });

  test("and only one where the other is there still", async () => {
    expect(await changesFor([map("shop-cart-settings", settings), map("cart-flags", flags)], both, then)).toEqual([["cart-settings", "shop-cart-settings"]]);
  });
});
