import { AutofixError } from "../../errors.ts";

/** UTF-8 or nothing: a file that would not survive reading and writing byte for byte must not reach the editor. Throws `source/not-text`. */
export function asText(path: string, bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AutofixError("source/not-text", `${path} is not UTF-8 text.`, { cause });
  }
}
