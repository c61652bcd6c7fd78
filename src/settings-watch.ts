import { type OperatorLimits, overruled } from "./config/rules.ts";
import type { ProposalCase } from "./proposal.ts";
import { QUIET } from "./pull-request/book.ts";
import { publishProposalCheck } from "./pull-request/check-run.ts";
import { says } from "./pull-request/notice.ts";
import { touches } from "./pull-request/pulls.ts";
import { renderSettingsCheck, renderSettingsNotice, SETTINGS_CHECK } from "./pull-request/settings-report.ts";
import type { Home } from "./reconcile.ts";
import { type FoundSettings, SETTINGS_PATH, SETTINGS_PATHS, settingsAt } from "./settings.ts";
import { type TellingParts, tell } from "./tell.ts";

/** Says in one issue that the settings on the default branch are not valid, and closes it when they are. Gives its address, if there is one. */
export async function tellOfSettings(parts: TellingParts, home: Home, found: FoundSettings): Promise<string | undefined> {
  const text = renderSettingsNotice(found.kind === "invalid" ? found.problems : []);
  const known = (await parts.notices.of(home.repository, QUIET)).find(({ role }) => role === "settings");
  if (known ? says(known, text) : !text.isOn) return known?.url;
  return tell(parts, home, "settings", async () => text);
}

/** Checks the settings that a pull request of anybody would bring, where it touches them. Nothing of them takes effect before the merge. */
export async function checkSettings({ home: { octokit, repository: name }, repository, operator, proposal, asked }: ProposalCase): Promise<void> {
  if (!(await touches(octokit, name, proposal.number, SETTINGS_PATHS))) return;
  const found = await settingsAt(await repository.tree(proposal.head));
  const remarks = found.kind === "invalid" ? found.problems : remarksOn(found, operator);
  await publishProposalCheck(octokit, name, proposal, renderSettingsCheck(found.kind, remarks), { name: SETTINGS_CHECK, anew: asked });
}

function remarksOn({ settings, lineOf }: Extract<FoundSettings, { kind: "valid" }>, operator: OperatorLimits) {
  return overruled(operator, settings).map(({ path, message }) => ({ file: SETTINGS_PATH, line: lineOf(path), message }));
}
