import { execFile } from "node:child_process";
import { AutofixError, messageOf } from "../../errors.ts";

/** The git binary in one folder, reading only. Undefined where git says no (an exit code other than 0); throws `source/unreadable` where git cannot be run. */
export interface Git {
  text(...args: string[]): Promise<string | undefined>;
  bytes(...args: string[]): Promise<Buffer | undefined>;
}

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * A repository's own configuration can name programs for git to run. Nothing of that kind runs here: hooks, the file system monitor, signature
 * checks, pagers, and transports that a partial clone would use to fetch what it lacks.
 */
const HARDENED = [
  "--no-pager",
  "--no-optional-locks",
  "--no-replace-objects",
  "--literal-pathspecs",
  ...[
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "core.attributesFile=/dev/null",
    "log.showSignature=false",
    "log.mailmap=false",
    "diff.external=",
    "protocol.allow=never",
    "protocol.ext.allow=never",
  ].flatMap((setting) => ["-c", setting]),
];

export function openGit(folder: string): Git {
  const bytes = (...args: string[]): Promise<Buffer | undefined> =>
    new Promise((resolve, reject) => {
      const options = { cwd: folder, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true, encoding: "buffer" } as const;
      execFile("git", [...HARDENED, ...args], options, (failure, stdout) => {
        if (!failure) resolve(stdout);
        else if (typeof failure.code === "number") resolve(undefined);
        else reject(new AutofixError("source/unreadable", `git could not be run in ${folder}: ${messageOf(failure)}`, { cause: failure }));
      });
    });
  return { bytes, text: async (...args) => (await bytes(...args))?.toString("utf8") };
}
