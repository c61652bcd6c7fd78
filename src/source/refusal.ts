import type { SourceRefusalCode } from "../cluster/delivery.ts";
import type { SourceRefusal } from "./workspace.ts";

/** @param candidates the places, fields or files that were considered, each once */
export function refused(code: SourceRefusalCode, message: string, candidates: readonly string[] = []): SourceRefusal {
  return { kind: "refused", code, message, candidates: [...new Set(candidates)] };
}
