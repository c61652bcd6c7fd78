import { prose } from "./escape.ts";

/**
 * Buttons on the check run of the bot's own pull requests, by the identifier that comes back in the webhook. GitHub shows at most three, and takes 20 characters of a label
 * and an identifier, 40 of a description (docs.github.com/rest/checks/runs, `actions`).
 */
export const BUTTONS = [
  { label: "Retry", description: "Look again and propose anew", identifier: "retry" },
  { label: "Explain", description: "The diagnosis, and what was ruled out", identifier: "explain" },
] as const;

type Button = (typeof BUTTONS)[number]["identifier"];

/** Somebody pressed a button. GitHub keeps nothing of that but the webhook, `delivery` being its id, which is the same however often it is sent. */
export interface Press {
  button: Button;
  login: string;
  delivery: string;
}

/** The press that a webhook tells of; undefined for identifiers that are none of ours, and for names that GitHub does not give. */
export function pressOf(identifier: string | undefined, login: string | undefined, delivery: string): Press | undefined {
  return readPress(`<!-- autofix:pressed ${identifier} ${login} ${delivery} -->`);
}

/** The key of the hidden mark in the comment that notes a press. */
export function pressKey({ button, login, delivery }: Press): string {
  return `pressed ${button} ${login} ${delivery}`;
}

/** What a comment of the bot's own notes. The caller has checked the author. */
export function readPress(body: string): Press | undefined {
  const [, word, login, delivery] = /<!-- autofix:pressed (\w{1,20}) ([\w-]{1,100}) ([\w-]{1,100}) -->$/.exec(body.trimEnd()) ?? [];
  const button = BUTTONS.find(({ identifier }) => identifier === word)?.identifier;
  return button && login && delivery ? { button, login, delivery } : undefined;
}

/** `ada pressed **Retry**`. */
export function pressWords({ button, login }: Press): string {
  return `${prose(login, 100)} pressed **${BUTTONS.find(({ identifier }) => identifier === button)?.label}**`;
}
