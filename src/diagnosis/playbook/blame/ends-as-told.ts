import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, restoring } from "../entry.ts";
import { strings, variableOf } from "./named-change.ts";

/** Names of variables that hold how long something may take, or when it happens. */
const TIME = /(?:^|_)(?:SECONDS|SECS?|TIMEOUT|DEADLINE|AFTER|DELAY|WITHIN|LIMIT)(?:_|$)/i;
/** The kubelet tells whole seconds, and a program needs some time of its own to start. */
const SLACK_SECONDS = 1;
/** A program that ends sooner did not wait for anything. */
const LEAST_SECONDS = 3;

/** The program ends after just as many seconds as a variable says that came, or was changed, with the commit. */
export function endsAsTold({ changed, container, log, past, statement }: CrashCase): Finding | undefined {
  const lasted = container.ended?.lasted;
  if (!past || log.length === 0 || lasted === undefined || lasted < LEAST_SECONDS) return undefined;
  const told = changed.filter((change) => {
    const seconds = secondsIn(change);
    return seconds !== undefined && lasted >= seconds && lasted <= seconds + SLACK_SECONDS;
  });
  const [only, ...others] = told;
  if (!only || others.length > 0) return undefined;
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}, ${lasted} s after its start: ${variableOf(only.path)}, which changed, says just that.`;
  return restoring({ ...statement, rootCause, confidence: CONFIDENCE.circumstantial }, past, [only]);
}

function secondsIn({ path, after }: FieldChange): number | undefined {
  const [value = ""] = TIME.test(variableOf(path) ?? "") ? strings(after) : [];
  const [, number] = /^(\d{1,4})s?$/.exec(value) ?? [];
  return number === undefined ? undefined : Number(number);
}
