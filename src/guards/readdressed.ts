import type { Json } from "../cluster/objects.ts";
import { readdressed, renamedServices } from "../source/renamed-service.ts";
import type { Grounds } from "./grounds.ts";

/** Whether a value is the old one with the addresses of a renamed Service under its new name, and nothing else (source/renamed-service.ts). @param name of the setting */
export function isReaddressed({ input, object }: Grounds, name: string, before: Json | undefined, after: Json | undefined): boolean {
  if (input.proposal.failureClass !== "dependency-address" || typeof before !== "string") return false;
  const namespace = object.namespace || input.target.namespace;
  return renamedServices(input.lastGood ?? [], input.rendered).some((renamed) => readdressed(name, before, renamed, namespace) === after);
}
