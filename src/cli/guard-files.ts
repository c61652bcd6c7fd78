import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, type Json } from "../cluster/objects.ts";
import { savedSchemas } from "../cluster/openapi.ts";
import type { SchemaBook } from "../cluster/schema-errors.ts";
import { type Policy, policiesSettings } from "../config/policies.ts";
import { AutofixError, messageOf } from "../errors.ts";
import { parseYaml } from "../source/edit/yaml-documents.ts";

/** The team's rules: a list of policies, or a file such as `.github/autofix.yml` that has it below `policies`. Throws `cli/usage`. */
export async function readPolicies(file: string): Promise<Policy[]> {
  const parsed = parseYaml(await readText(file, "policies"));
  if (parsed.kind === "refused") throw new AutofixError("cli/usage", `The policies ${file} cannot be read: ${parsed.message}`);
  const value = parsed.documents[0]?.value ?? null;
  const list: Json = isObject(value) ? (value.policies ?? []) : value;
  const policies = policiesSettings.safeParse(list);
  if (policies.success) return policies.data;
  const problems = policies.error.issues.slice(0, 10).map(({ path, message }) => `  - policies${path.map((step) => `[${String(step)}]`).join("")}: ${message}`);
  throw new AutofixError("cli/usage", `The policies ${file} are not as they have to be:\n${problems.join("\n")}`);
}

/** Schemas of a cluster, saved with `kubectl get --raw /openapi/v3/apis/apps/v1 > DIR/apps.json` and the like. Throws `cli/usage`. */
export async function readSchemas(folder: string): Promise<SchemaBook> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    throw new AutofixError("cli/usage", `The folder ${folder} cannot be read: ${messageOf(thrown)}`);
  });
  const documents = await Promise.all(names.filter((name) => name.endsWith(".json")).map((name) => readDocument(join(folder, name))));
  if (documents.length === 0) throw new AutofixError("cli/usage", `${folder} has no OpenAPI document (*.json).`);
  return savedSchemas(`${folder}`, documents);
}

async function readDocument(file: string): Promise<Json> {
  try {
    return JSON.parse(await readText(file, "OpenAPI document"));
  } catch (thrown) {
    if (thrown instanceof AutofixError) throw thrown;
    throw new AutofixError("cli/usage", `The OpenAPI document ${file} is no JSON: ${messageOf(thrown)}`);
  }
}

async function readText(file: string, what: string): Promise<string> {
  return readFile(file, "utf8").catch((thrown: unknown) => {
    throw new AutofixError("cli/usage", `The ${what} ${file} cannot be read: ${messageOf(thrown)}`);
  });
}
