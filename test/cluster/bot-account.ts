import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import { kubectl } from "./commands.ts";
import type { ClusterSettings } from "./settings.ts";

const DEPLOY = join(import.meta.dirname, "..", "..", "deploy");

/** A service account with the role of deploy/rbac.yaml and nothing else, made for one run. */
export interface BotAccount {
  kubeconfig: string;
  /** How the API server calls it. */
  user: string;
  remove(): Promise<void>;
}

/** The documents of deploy/FILE, everything called `kube-autofix` in them called `name` instead. */
export function deployManifests(file: "rbac.yaml" | "deployment.yaml", name: string): JsonObject[] {
  return parseAllDocuments(readFileSync(join(DEPLOY, file), "utf8")).map((document) => {
    const renamed: Json = JSON.parse(JSON.stringify(document.toJS()).replaceAll('"kube-autofix"', JSON.stringify(name)));
    if (!isObject(renamed)) throw new Error(`deploy/${file} holds something that is no object`);
    return renamed;
  });
}

export async function createBotAccount(settings: ClusterSettings, name: string, labels: Record<string, string>, folder: string): Promise<BotAccount> {
  const admin = (args: readonly string[], input?: string) => kubectl(settings.kubeconfig, args, input);
  const items = deployManifests("rbac.yaml", name).map((item) => ({
    ...item,
    metadata: { ...objectAt(item, "metadata"), labels: { ...objectAt(item, "metadata", "labels"), ...labels } },
  }));
  await admin(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const token = (await admin(["-n", name, "create", "token", name, "--duration=1h"])).trim();
  const own: Json = JSON.parse(await admin(["config", "view", "--raw", "--minify", "--flatten", "-o", "json"]));
  const kubeconfig = join(folder, "bot.kubeconfig");
  const cluster = listAt(own, "clusters")[0] ?? null;
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [cluster],
    users: [{ name: "bot", user: { token } }],
    contexts: [{ name: "bot", context: { cluster: textAt(cluster, "name"), user: "bot" } }],
    "current-context": "bot",
  };
  await writeFile(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return {
    kubeconfig,
    user: `system:serviceaccount:${name}:${name}`,
    async remove() {
      await admin(["delete", "clusterrolebinding,clusterrole", name, "--ignore-not-found"]);
      await admin(["delete", "namespace", name, "--ignore-not-found"]);
    },
  };
}

/** What a user asked of the API server, as its audit log has it. */
export interface Audited {
  verb: string;
  /** `group/resource/subresource`, or the path of a document such as `/apis/apps/v1`. */
  what: string;
  allowed: boolean;
}

/** Undefined where there is no audit log to read. */
export function auditOf({ auditLog }: ClusterSettings, user: string): Audited[] | undefined {
  if (!auditLog || !existsSync(auditLog)) return undefined;
  return readFileSync(auditLog, "utf8")
    .split("\n")
    .filter((line) => line.includes(user))
    .map((line): Json => JSON.parse(line))
    .filter((entry) => textAt(entry, "user", "username") === user)
    .map((entry) => {
      const parts = ["apiGroup", "resource", "subresource"].map((field) => textAt(entry, "objectRef", field));
      const path = textAt(entry, "requestURI").split("?")[0] ?? "";
      return {
        verb: textAt(entry, "verb"),
        what: textAt(entry, "objectRef", "resource") === "" ? path : parts.join("/"),
        allowed: textAt(objectAt(entry, "annotations"), "authorization.k8s.io/decision") === "allow",
      };
    });
}
