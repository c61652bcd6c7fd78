import { readFileSync } from "node:fs";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import { SETTINGS_SCHEMA } from "../../src/settings.ts";

/** How repositories restrict what the operator allows; written from the schema of their file. */
export function repositorySettings(): string {
  return `## The settings of a repository

\`.github/autofix.yml\` in a repository, at the head of its **default branch**, restricts what Kube AutoFix does for the deliveries that come from it. Other branches and other names do not count;
\`.github/autofix.yaml\` is reported as a mistake. Without the file the operator's configuration holds as it is. With it, of every two values the **stricter one counts**: a repository can raise the
confidence, tighten bounds, lower caps, leave out kinds, classes, paths and deliveries, and keep itself from being sent to a model. It can loosen nothing.

\`\`\`yaml
${readFileSync(new URL("../../docs/autofix.example.yml", import.meta.url), "utf8").trimEnd()}
\`\`\`

The first line makes editors with the YAML language server complete and check the file. The schema is [schema/autofix.schema.json](../schema/autofix.schema.json); a running App serves that of its own
version under \`https://YOUR-APP/schema/autofix.json\`.

| setting | value | what for |
| --- | --- | --- |
${rowsOf(JSON.parse(JSON.stringify(SETTINGS_SCHEMA)), "").join("\n")}

### When it is not valid

The file is read strictly: plain YAML without anchors, aliases and tags, at most 64 KiB; a setting that does not exist is an error. **With an invalid file the bot does nothing for the repository**, and never falls back to
defaults. People learn of it in two places:

- A pull request of anybody that adds, changes, renames or removes the file gets the check run \`kube-autofix / settings\`: failure with a remark at each line that is wrong, or success, with a remark
  where a setting has no effect because the operator's is stricter. Pull requests that do not touch the file get nothing. Nothing takes effect before the merge.
- For an invalid file on the default branch there is one issue, labelled \`autofix:notice\`. Its text is kept up to date, and it is closed when the file is valid.

### What is left alone

\`deliveries\`, \`paths\`, \`kinds\` and \`classes\` take \`only\`, \`never\`, or both. What they leave out is left alone without a word: no pull request, no issue; the log
says why (\`LOG_LEVEL=debug\`). In names and paths \`*\` and \`?\` stand for parts of a name, \`**\` for any number of folders, \`{a,b}\` for either; a folder stands for everything below it, and \`argocd/shop\` for a delivery of any kind. A delivery is looked after if its name
and the path that it reads are. A fix is proposed if every file that it changes, the kind of the object and the class of the failure are. An open pull request of a
delivery that is switched off later is not touched any more, and its commands are not answered, until it is switched on again.

### Who is asked

Labels are made where they do not exist. Reviewers and assignees are asked once, when the pull request is opened, never again with an update. Whom GitHub refuses costs nothing but a comment that names
them. Teams are written \`ORGANISATION/TEAM\`; for them the App needs the organisation permission _Members: read_, which [app.yml](../app.yml) does not ask for by itself.

### How many

When as many of the bot's pull requests are open as \`maxOpen\` allows, or as many were opened within the hour as \`maxPerHour\` allows, further fixes wait. They are listed in one issue, labelled \`autofix:notice\`, whose
text is kept up to date and which is closed when nothing waits. Merging or closing a pull request makes room, and what waits goes on by itself; which one is next is not promised. Everything is counted on GitHub, so a restart
changes nothing. A newer failure of an object takes the place of its older pull request and does not wait for it. Issues for failures without a safe fix do not wait and are not counted; what people ask for with
\`/autofix retry\` or \`reopen\` does not wait either.

### Quiet hours

During quiet hours the bot opens, updates, comments and closes nothing of its own accord; it does so when they are over, if there is still reason to. A failure that passes in the meantime is never mentioned.
It goes on watching, so that evidence which goes away is kept. Check runs, which notify nobody, go on, and so do answers to what people ask for: \`/autofix\` commands, and the issue about invalid settings. Times are those
of the clock in \`timeZone\`. Quiet hours that leave no time at all are an error: \`enabled: false\` is for that.`;
}

/** One row a setting. Mappings are only their parts, but for a choice, which is one row. */
function rowsOf(schema: Json, path: string): string[] {
  return Object.entries(objectAt(schema, "properties")).flatMap(([name, child]) => {
    if (!isObject(child)) return [];
    const here = `${path}${name}`;
    const items = objectAt(child, "items");
    if (child.type === "object" && isChoice(child)) {
      const value = `\`only\`, \`never\`: list of ${valueWords(objectAt(child, "properties", "only", "items"))}`;
      return [row(here, value, child)];
    }
    if (child.type === "object") return rowsOf(child, `${here}.`);
    if (items.type === "object") return rowsOf(items, `${here}[].`);
    return [row(here, child.type === "array" ? `list of ${valueWords(items)}` : valueWords(child), child)];
  });
}

function row(name: string, value: string, schema: JsonObject): string {
  return `| \`${name}\` | ${value} | ${textAt(schema, "description")} |`;
}

function isChoice(schema: JsonObject): boolean {
  return Object.keys(objectAt(schema, "properties")).join() === "only,never";
}

function valueWords(schema: JsonObject): string {
  const words = listAt(schema, "enum").map((word) => `\`${word}\``);
  if (words.length > 0) return words.join(", ");
  if (schema.type === "boolean") return "true or false";
  if (schema.type === "integer" || schema.type === "number") return `${schema.minimum} to ${schema.maximum}`;
  const examples = listAt(schema, "examples").map((example) => `\`${example}\``);
  return examples.length > 0 ? `text such as ${examples.join(" or ")}` : "text";
}
