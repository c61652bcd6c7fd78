import { type DeliveryKey, formatKey, parseKey } from "./cluster/delivery.ts";

/** What the queue carries, as text: only where to look. */
export type Work =
  | { kind: "delivery"; key: DeliveryKey }
  /** The settings on a repository's default branch. */
  | { kind: "settings"; repository: string }
  /** A pull request of anybody, which may bring other settings or change what is delivered; `asked` where somebody wants its checks again. */
  | { kind: "pull"; repository: string; pull: number; asked: boolean }
  /** The open pull requests that have to have a check and may have none. */
  | { kind: "pulls"; repository: string };

export function formatWork(work: Work): string {
  switch (work.kind) {
    case "delivery":
      return formatKey(work.key);
    case "settings":
      return `settings of ${work.repository}`;
    case "pull":
      return `pull ${work.repository}#${work.pull}${work.asked ? " again" : ""}`;
    case "pulls":
      return `pulls of ${work.repository}`;
  }
}

/** The reverse of {@link formatWork}; undefined for anything else. */
export function parseWork(text: string): Work | undefined {
  const key = parseKey(text);
  if (key) return { kind: "delivery", key };
  const pull = /^pull ([\w.-]+\/[\w.-]+)#(\d{1,9})( again)?$/.exec(text);
  if (pull?.[1]) return { kind: "pull", repository: pull[1], pull: Number(pull[2]), asked: pull[3] !== undefined };
  const [, kind, repository] = /^(settings|pulls) of ([\w.-]+\/[\w.-]+)$/.exec(text) ?? [];
  return repository ? { kind: kind === "pulls" ? "pulls" : "settings", repository } : undefined;
}
