#!/usr/bin/env node
import { DIAGNOSE_HELP, diagnoseCommand } from "./cli/diagnose.ts";
import { AutofixError, messageOf } from "./errors.ts";

const HELP = `kube-autofix: turns failing Argo CD and Flux deliveries into guarded pull requests

  kube-autofix diagnose --delivery NAMESPACE/NAME --checkout DIR   print the pull request that would be opened; writes nothing anywhere

Each command explains itself with --help. The GitHub App itself is started with \`npm start\`; see docs/installation.md.
`;

/** Runs one command. @returns the exit code: 0 done, 1 nothing that could be proposed, 2 wrong usage, 3 nothing to do */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case "diagnose":
      return diagnoseCommand(rest, { env: process.env, print: (text) => console.log(text), now: () => new Date() });
    case undefined:
    case "help":
    case "--help":
    case "-h":
      console.log(`${HELP}\n${DIAGNOSE_HELP}`);
      return command === undefined ? 2 : 0;
    default:
      throw new AutofixError("cli/usage", `There is no command "${command}". Commands: diagnose, help.`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  console.error(`kube-autofix: ${messageOf(thrown)}`);
  process.exitCode = thrown instanceof AutofixError && thrown.code === "cli/usage" ? 2 : 1;
}
