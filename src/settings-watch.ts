import { type OperatorLimits, overruled } from "./config/rules.ts";
import { AutofixError } from "./errors.ts";
import { QUIET } from "./pull-request/book.ts";
import { publishCheck } from "./pull-request/check-run.ts";
import { keepNotice, says } from "./pull-request/notice.ts";
import { headThatTouches } from "./pull-request/pulls.ts";
import { renderSettingsCheck, renderSettingsNotice, SETTINGS_CHECK } from "./pull-request/settings-report.ts";
import type { Home, ReconcileParts } from "./reconcile.ts";
import { type FoundSettings, SETTINGS_PATH, SETTINGS_PATHS, settingsAt } from "./settings.ts";
import type { Repository } from "./source/repository.ts";

type TellingParts = Pick<ReconcileParts, "notices" | "turns" | "memory">;

/** Says in one issue that the settings on the default branch are not valid, and closes it when they are. Gives its address, if there is one. */
export async function tellOfSettings(parts: TellingParts, home: Home, found: FoundSettings): Promise<string | undefined> {
  const { octokit, repository, botLogin } = home;
  const text = renderSettingsNotice(found.kind === "invalid" ? found.problems : []);
  const known = (await parts.notices.of(repository, QUIET)).find(({ role }) => role === "settings");
  if (known ? says(known, text) : !text.isOn) return known?.url;
  return parts.turns.take(repository, async () => {
    if (!parts.memory.hasIssues(repository)) return undefined;
    const url = await keepNotice(octokit, { repository, botLogin }, "settings", text);
    parts.notices.forget(repository);
    if (!url) parts.memory.hasNoIssues(repository);
    return url;
  });
}

/** Where a pull request's settings are to be checked, and whether somebody asked for the check to run again. */
export interface SettingsCheck {
  home: Home;
  repository: Repository;
  operator: OperatorLimits;
  pull: number;
  asked: boolean;
}

/** Checks the settings that a pull request of anybody would bring, where it touches them. Nothing of them takes effect before the merge. */
export async function checkSettings({ home, repository, operator, pull, asked }: SettingsCheck): Promise<"checked" | "nothing-to-check" | "refused"> {
  const head = await headThatTouches(home.octokit, home.repository, pull, SETTINGS_PATHS);
  if (!head) return "nothing-to-check";
  const found = await settingsAt(await repository.tree(head));
  const remarks = found.kind === "invalid" ? found.problems : remarksOn(found, operator);
  const check = renderSettingsCheck(found.kind, remarks);
  try {
    await publishCheck(home.octokit, home.repository, head, check, { name: SETTINGS_CHECK, about: pull, anew: asked });
    return "checked";
  } catch (thrown) {
    // The head of a fork that GitHub does not show in this repository (any more): another try would fail the same way.
    if (thrown instanceof AutofixError && thrown.code === "github/conflict") return "refused";
    throw thrown;
  }
}

function remarksOn({ settings, lineOf }: Extract<FoundSettings, { kind: "valid" }>, operator: OperatorLimits) {
  return overruled(operator, settings).map(({ path, message }) => ({ file: SETTINGS_PATH, line: lineOf(path), message }));
}
