import { gunzipSync } from "node:zlib";
import { unpackTar } from "modern-tar";

/** Largest chart that is unpacked, in bytes; a packed one of a few kilobytes can hold gigabytes. */
const MAX_BYTES = 32 * 1024 * 1024;
const READ = /^[^/]+\/(?:charts\/[^/]+\/)*(?:templates\/.*|Chart\.yaml|requirements\.yaml)$/;

/** The templates of a packed chart by path, the first part being the chart's name; nothing where it is no such archive (helm says so when it renders). */
export async function unpackChart(archive: Uint8Array | undefined): Promise<Map<string, string>> {
  if (!archive) return new Map();
  try {
    const entries = await unpackTar(gunzipSync(archive, { maxOutputLength: MAX_BYTES }), { filter: ({ name, type }) => type === "file" && READ.test(name) });
    return new Map(entries.map(({ header, data }) => [header.name, new TextDecoder().decode(data)]));
  } catch {
    return new Map();
  }
}
