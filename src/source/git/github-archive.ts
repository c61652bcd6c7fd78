import { createHash } from "node:crypto";
import type { Octokit } from "@octokit/rest";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";

/** Fewer files are fetched one by one: an archive is one call, and the whole repository on the wire. */
export const WORTH_AN_ARCHIVE = 100;
/** Larger repositories are not downloaded, and no more is unpacked, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

export interface ArchiveQuestion {
  octokit: Octokit;
  place: { owner: string; repo: string };
  commit: string;
  /** Of the whole repository, in bytes. */
  size: number;
  /** Paths that are wanted, with their blob's SHA. */
  wanted: ReadonlyMap<string, string>;
}

/**
 * Many files of one commit with one call, from GitHub's archive of it (docs.github.com/rest/repos/contents, "Download a repository archive"): unpacked as it arrives,
 * so that memory holds only what was wanted. A file counts only if its content has the wanted SHA (archives leave out and fill in what .gitattributes says). Gives
 * nothing where there is no such archive: whoever asks can still fetch one by one.
 */
export async function readArchive({ octokit, place, commit, size, wanted }: ArchiveQuestion): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  if (size > MAX_BYTES) return found;
  try {
    const request = { parseSuccessResponseBody: false, signal: AbortSignal.timeout(TIMEOUT_MS), retries: 0 };
    const response = await octokit.request("GET /repos/{owner}/{repo}/tarball/{ref}", { ...place, ref: commit, request });
    if (!(response.data instanceof ReadableStream)) return found;
    for await (const entry of entriesOf(response.data)) {
      // Everything is in one folder that is named after the commit.
      const path = entry.header.name.slice(entry.header.name.indexOf("/") + 1);
      const sha = wanted.get(path);
      if (sha === undefined || entry.header.type !== "file") {
        await entry.body.cancel();
        continue;
      }
      const content = await bytesOf(entry.body);
      if (blobName(content) === sha) found.set(sha, content);
    }
  } catch {
    // What has arrived is good: it was compared with its SHA.
  }
  return found;
}

async function* entriesOf(archive: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ParsedTarEntry> {
  let unpacked = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      unpacked += chunk.byteLength;
      if (unpacked > 2 * MAX_BYTES) controller.error(new Error("the archive unpacks to more than is read"));
      else controller.enqueue(chunk);
    },
  });
  const entries = archive.pipeThrough(new DecompressionStream("gzip")).pipeThrough(limit).pipeThrough(createTarDecoder());
  const reader = entries.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The name that git gives to a file's content. */
function blobName(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.byteLength}\0`).update(content).digest("hex");
}
