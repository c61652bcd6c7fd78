import { parseArgs } from "node:util";

export interface Options {
  keep: boolean;
  verbose: boolean;
}

export const USAGE = `Usage: npm run demo -- [--keep] [--verbose]

Shows Kube AutoFix at work, in about half a minute: the real app against a recorded cluster, a
GitHub stand-in and a scripted model, all inside this process. Needs no cluster, account or key.

  --keep      leave the servers up afterwards, and print their addresses
  --verbose   write the app's log to a file, and print its path
  --help      this text
`;

/** What was asked for on the command line; undefined where it makes no sense. */
export function readOptions(args: readonly string[]): (Options & { help: boolean }) | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { keep: { type: "boolean" }, verbose: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    return { keep: values.keep ?? false, verbose: values.verbose ?? false, help: values.help ?? false };
  } catch {
    return undefined;
  }
}
