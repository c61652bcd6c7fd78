export type Permission = "admin" | "write" | "read" | "none";

export const BOT = "kube-autofix[bot]";

/** Who made what was there before, and what people do whose name does not matter. */
export const ADMIN = "stand-in";

/** By this token somebody is known to a stand-in. */
export function tokenOf(login: string): string {
  return `token-${login}`;
}
