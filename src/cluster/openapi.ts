import { messageOf } from "../errors.ts";
import type { Log } from "../telemetry/log.ts";
import type { KubeClient } from "./client.ts";
import { isObject, type Json, type JsonObject, type KubeObject, objectAt, textAt } from "./objects.ts";
import { strictSchema } from "./openapi-schema.ts";
import { type SchemaBook, schemaBook } from "./schema-errors.ts";

/** One group and version as the server described it; `url` holds a hash of the description. */
interface Described {
  url: string;
  document: Json;
}

/** Schemas from saved OpenAPI v3 documents (`kubectl get --raw /openapi/v3/apis/apps/v1`). */
export function savedSchemas(source: string, documents: readonly Json[]): SchemaBook {
  return schemaBook(source, (apiVersion, kind) => firstOf(documents, apiVersion, kind));
}

function firstOf(documents: readonly Json[], apiVersion: string, kind: string): JsonObject | undefined {
  for (const document of documents) {
    const schema = strictSchema(document, apiVersion, kind);
    if (schema) return schema;
  }
  return undefined;
}

/**
 * The cluster's own schemas, of exactly its version and with its custom resources, read from `/openapi/v3` (every authenticated account may). Descriptions
 * are kept as long as their hash stays the same, so that a schema is read and compiled once.
 */
export class ClusterSchemas {
  readonly #client: KubeClient;
  readonly #log: Log;
  readonly #known = new Map<string, Described>();
  #book: { key: string; book: SchemaBook } | undefined;

  constructor(client: KubeClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /** Schemas of the kinds of these objects, as far as the cluster has them; undefined where it cannot be asked. Never throws. */
  async bookFor(objects: readonly KubeObject[]): Promise<SchemaBook | undefined> {
    try {
      return await this.#read([...new Set(objects.map(({ apiVersion }) => apiVersion))].sort());
    } catch (thrown) {
      this.#log.warn({ error: messageOf(thrown) }, "The cluster's schemas cannot be read; the built-in ones are used");
      return undefined;
    }
  }

  async #read(apiVersions: readonly string[]): Promise<SchemaBook | undefined> {
    const paths = objectAt((await this.#client.document("/openapi/v3")) ?? null, "paths");
    const described = new Map<string, Described>();
    for (const apiVersion of apiVersions) {
      const one = await this.#describe(apiVersion, textAt(paths, apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`, "serverRelativeURL"));
      if (one) described.set(apiVersion, one);
    }
    if (described.size === 0) return undefined;
    const key = JSON.stringify([...described.values()].map(({ url }) => url));
    if (this.#book?.key !== key) {
      const version = textAt((await this.#client.document("/version")) ?? null, "gitVersion").slice(0, 40);
      const source = `the cluster${version === "" ? "" : ` (${version})`}`;
      const book = schemaBook(source, (apiVersion, kind) => {
        const one = described.get(apiVersion);
        return one && strictSchema(one.document, apiVersion, kind);
      });
      this.#book = { key, book };
    }
    return this.#book.book;
  }

  async #describe(apiVersion: string, url: string): Promise<Described | undefined> {
    if (!url.startsWith("/openapi/v3/")) return undefined;
    const known = this.#known.get(apiVersion);
    if (known?.url === url) return known;
    const document = await this.#client.document(url);
    if (document === undefined) return undefined;
    const made = { url, document: { components: { schemas: withoutWords(objectAt(document, "components", "schemas")) } } };
    this.#known.set(apiVersion, made);
    return made;
  }
}

/** Most of a description is prose. */
function withoutWords(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => (key === "description" && typeof child === "string" ? [] : [[key, withoutWords(child)]])),
  );
}
