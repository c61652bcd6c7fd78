import { APP_VARIABLES, OPERATOR_VARIABLES, textOf } from "../../src/config/variables.ts";

/** docs/configuration.md, written from the schema itself. */
export function configurationPage(): string {
  return `<!-- Written by test/config/documentation.ts from src/config/variables.ts: \`npx vitest run test/config --update\` writes it anew. -->

# Configuration

Kube AutoFix is configured by environment variables. At the start every problem is reported at once, each with the variable's name and what to set; a name that begins with
\`AUTOFIX_\` and is none of these is a problem too. An empty variable is an unset one. Values are never printed.

## The GitHub App

${table(APP_VARIABLES)}

## Clusters, diagnosis and bounds

These hold for \`kube-autofix diagnose\` as well, which needs none of the above.

${table(OPERATOR_VARIABLES)}
`;
}

function table(variables: typeof APP_VARIABLES | typeof OPERATOR_VARIABLES): string {
  const rows = Object.entries(variables).map(([name, schema]) => {
    const { about, expected, otherwise, secret } = textOf(schema);
    return `| \`${name}\`${secret ? " (secret)" : ""} | ${about} | ${expected} | ${otherwise} |`;
  });
  return ["| variable | what for | value | without it |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
