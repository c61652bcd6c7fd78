#!/usr/bin/env node
import { DIAGNOSE_HELP, diagnoseCommand } from "./cli/diagnose.ts";
import { GUARD_HELP, guardCommand } from "./cli/guard.ts";
import { AutofixError, messageOf } from "./errors.ts";

const HELP = `kube-autofix: turns failing Argo CD and Flux deliveries into guarded pull requests

  kube-autofix diagnose --delivery NAMESPACE/NAME --checkout DIR   print the pull request that would be opened; writes nothing anywhere
  kube-autofix guard --before DIR --proposal FILE|-                 judge a proposal as the gate would: the invariant report, and what would be committed

Each command explains itself with --help. The GitHub App itself is started with \`npm start\`; see docs/installation.md.
`;

/** Runs one command. @returns the exit code: 0 done, 1 nothing that could be proposed or approved, 2 wrong usage, 3 nothing to do */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case "diagnose":
      return diagnoseCommand(rest, { env: process.env, print: (text) => console.log(text), now: () => new Date() });
    case "guard":
      return guardCommand(rest, { env: process.env, print: (text) => console.log(text), standardInput: process.stdin });
    case undefined:
    case "help":
    case "--help":
    case "-h":
      console.log(`${HELP}\n${DIAGNOSE_HELP}\n${GUARD_HELP}`);
      return command === undefined ? 2 : 0;
    default:
      throw new AutofixError("cli/usage", `There is no command "${command}". Commands: diagnose, guard, help.`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  console.error(`kube-autofix: ${messageOf(thrown)}`);
  process.exitCode = thrown instanceof AutofixError && thrown.code === "cli/usage" ? 2 : 1;
}
