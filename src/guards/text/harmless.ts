import { hunksBetween } from "../../source/edit/hunks.ts";
import { type GuardFinding, type GuardName, type GuardResult, refused } from "../report.ts";
import type { TracedFile } from "./trace.ts";

/** What no repair of text may bring back, even where it was there before: taking it away may have been the point of the change. */
const DANGEROUS =
  /\b(?:privileged|allowPrivilegeEscalation|hostPath|hostNetwork|hostPID|hostIPC|hostPort|capabilities|runAsUser|runAsNonRoot|procMount|unconfined|serviceAccount(?:Name)?|automountServiceAccountToken|secretKeyRef|secretRef|secretName|secretGenerator|stringData)\b/i;

/** Class paths: of the lines that come, none is about privileges, accounts or secrets, unless white space is all that changes in it. */
export function harmlessText(files: readonly TracedFile[]): GuardResult {
  const findings = files.flatMap(({ path, before, after }) =>
    hunksBetween(path, before, after).flatMap(({ before: gone, after: come }): GuardFinding[] => {
      const known = new Set(gone.map((line) => line.trim()));
      const line = come.find((one) => DANGEROUS.test(one) && !known.has(one.trim()));
      return line === undefined ? [] : [danger("class-paths", path)];
    }),
  );
  return { findings };
}

function danger(guard: GuardName, path: string): GuardFinding {
  return refused(guard, "dangerous-line", `The repair of ${path} would bring back a line about privileges, accounts or secrets: a human decides.`);
}
