import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { isObject, type Json, type JsonObject } from "../../../src/cluster/objects.ts";
import { collect, type Operation } from "./operations.ts";
import { idOf, Schemas } from "./schema.ts";

/** GitHub's own description of its REST API and webhooks, as far as the stand-in serves it. */
export interface Validators {
  operation(key: string): Operation | undefined;
  /** What is wrong with a value, in words; undefined where it fits the schema of that name. */
  check(schema: string, value: Json | undefined): string | undefined;
}

const require = createRequire(import.meta.url);
const PACKAGE = dirname(require.resolve("@octokit/openapi/package.json"));
const CACHE = join(import.meta.dirname, "../../../node_modules/.cache/kube-autofix");

/**
 * Compiled once for each list of operations and kept beside the dependencies: the description has 13 MB, and to compile what is needed of it takes some
 * seconds, which every test file would pay.
 */
export function loadValidators(operations: readonly string[], webhooks: readonly string[]): Validators {
  const key = createHash("sha256");
  key.update(readFileSync(join(PACKAGE, "package.json")));
  for (const file of ["schema.ts", "operations.ts", "validators.ts"]) key.update(readFileSync(join(import.meta.dirname, file)));
  key.update(JSON.stringify([operations, webhooks]));
  const path = join(CACHE, `github-${key.digest("hex").slice(0, 16)}.cjs`);
  if (!existsSync(path)) {
    mkdirSync(CACHE, { recursive: true });
    // Several test files may do this at the same time: each file is whole when it gets its name.
    const own = `${path}.${process.pid}.${performance.now()}`;
    writeFileSync(own, compile(operations, webhooks));
    renameSync(own, path);
  }
  return fromModule(require(path));
}

function compile(operations: readonly string[], webhooks: readonly string[]): string {
  const description: JsonObject = JSON.parse(readFileSync(join(PACKAGE, "generated/api.github.com.json"), "utf8"));
  const schemas = new Schemas(description);
  const collected = collect(description, schemas, operations, webhooks);
  const ajv = new Ajv({
    strict: false,
    validateFormats: false,
    meta: false,
    validateSchema: false,
    inlineRefs: false,
    code: { source: true, optimize: false },
  });
  for (const [name, schema] of schemas.used) ajv.addSchema({ ...schema, $id: idOf(name) });
  for (const [name, schema] of collected.roots) ajv.addSchema({ ...schema, $id: name });
  const code = standaloneCode.default(ajv, Object.fromEntries([...collected.roots.keys()].map((name) => [name, name])));
  return `${code}\nexports.operations = ${JSON.stringify(collected.operations)};\n`;
}

function fromModule(loaded: Record<string, unknown>): Validators {
  const operations = new Map(Object.entries(loaded.operations ?? {}).map(([key, value]): [string, Operation] => [key, value]));
  return {
    operation: (key) => operations.get(key),
    check(schema, value) {
      const validate = loaded[schema];
      if (typeof validate !== "function") throw new Error(`There is no schema ${schema}.`);
      if (validate(value)) return undefined;
      const [first] = "errors" in validate && Array.isArray(validate.errors) ? validate.errors : [];
      return isObject(first) ? `${String(first.instancePath)} ${String(first.message)} ${JSON.stringify(first.params)}` : "does not fit";
    },
  };
}
