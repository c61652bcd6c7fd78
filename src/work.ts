import { type DeliveryKey, formatKey, parseKey } from "./cluster/delivery.ts";

/** What the queue carries, as text: only where to look. */
export type Work =
  | { kind: "delivery"; key: DeliveryKey }
  /** The settings on a repository's default branch. */
  | { kind: "settings"; repository: string }
  /** The settings that a pull request of anybody may bring; `asked` where somebody wants the check again. */
  | { kind: "settings-check"; repository: string; pull: number; asked: boolean };

export function formatWork(work: Work): string {
  switch (work.kind) {
    case "delivery":
      return formatKey(work.key);
    case "settings":
      return `settings of ${work.repository}`;
    case "settings-check":
      return `settings in ${work.repository}#${work.pull}${work.asked ? " again" : ""}`;
  }
}

/** The reverse of {@link formatWork}; undefined for anything else. */
export function parseWork(text: string): Work | undefined {
  const key = parseKey(text);
  if (key) return { kind: "delivery", key };
  const check = /^settings in ([\w.-]+\/[\w.-]+)#(\d{1,9})( again)?$/.exec(text);
  if (check?.[1]) return { kind: "settings-check", repository: check[1], pull: Number(check[2]), asked: check[3] !== undefined };
  const repository = /^settings of ([\w.-]+\/[\w.-]+)$/.exec(text)?.[1];
  return repository ? { kind: "settings", repository } : undefined;
}
