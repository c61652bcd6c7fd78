import type { z } from "zod";
import { MODEL_VARIABLES } from "../../src/config/model-variables.ts";
import { textOf } from "../../src/config/variable.ts";
import { APP_VARIABLES, OPERATOR_VARIABLES } from "../../src/config/variables.ts";
import { repositorySettings } from "./settings-documentation.ts";

/** docs/configuration.md, written from the schemas themselves. */
export function configurationPage(): string {
  return `<!-- Written by test/config/documentation.ts from src/config/: \`npm run schema\` writes it anew. -->

# Configuration

There are two levels. The **operator** configures the App by environment variables. Each **repository** may restrict that further with a file, [\`.github/autofix.yml\`](#the-settings-of-a-repository).

Of the environment variables every problem is reported at the start, all at once, each with the variable's name and what to set; a name that begins with
\`AUTOFIX_\` and is none of these is a problem too. An empty variable is an unset one. Values are never printed.

## The GitHub App

${table(APP_VARIABLES)}

## Clusters, diagnosis and bounds

These hold for \`kube-autofix diagnose\` as well, which needs none of the above.

${table(without(OPERATOR_VARIABLES, MODEL_VARIABLES))}

## The model

Without a model the built-in playbook answers alone. A model sees redacted evidence and the manifests that decide the failing object, never a Secret; what it answers is judged by the same guards.

${table(MODEL_VARIABLES)}

${repositorySettings()}
`;
}

function without<T extends object>(all: T, left: object): Record<string, T[keyof T]> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(left, name)));
}

function table(variables: Readonly<Record<string, z.ZodType>>): string {
  const rows = Object.entries(variables).map(([name, schema]) => {
    const { about, expected, otherwise, secret } = textOf(schema);
    return `| \`${name}\`${secret ? " (secret)" : ""} | ${about} | ${expected} | ${otherwise} |`;
  });
  return ["| variable | what for | value | without it |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
