import { expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

/** What the playbook is surest of where no commit is known, and only the cluster tells what worked: the fields it would change, or why it leaves them. */
async function withoutCommits(id: string): Promise<string> {
  const input = await caseOf(loadRecording(id), { lastGood: true });
  const { action } = (input && consultPlaybook(input)[0]?.finding) ?? {};
  if (action?.kind === "fix") return action.changes.map(({ path }) => formatPath(path.slice(-3))).join(" ");
  return action?.kind === "escalate" ? action.reason : "nothing is found";
}

test.each([
  [
    "a list of values that another replaced, all of which the program is told to ask for",
    "shop-1588",
    "[name=web].env[name=CATALOG_URL] [name=web].env[name=CURRENCY]",
  ],
  ["a ConfigMap whose prefix stands at the wrong one", "shop-1583", "no revision is known in which DATABASE_URL was set"],
  ["a value that a counted patch gave to the next variable", "shop-1600", "env[name=CONFIG_FILE].value env[name=REGION].value"],
])("%s", async (_, id, answer) => expect(await withoutCommits(id)).toBe(answer));
