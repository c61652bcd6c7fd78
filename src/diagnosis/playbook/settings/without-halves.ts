import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { type Past, restore } from "../../history.ts";
import { isHalf } from "../blame/alongside.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { escalate, restoringAll } from "../entry.ts";
import { keysAlong } from "./keys-along.ts";

/** These fields as they were, with what belongs to them; for people where its other half changed as well. */
export function withoutHalves(crashCase: CrashCase, past: Past, said: CrashCase["statement"], back: readonly FieldChange[]): Finding {
  const advice = "Put it back together with what belongs to it: the port that is asked, the mount that holds its file.";
  return isHalf(crashCase, back)
    ? escalate(said, "what belongs to it changed as well, and alone it would lead nowhere", advice)
    : together(crashCase, past, said, back);
}

function together({ input }: CrashCase, past: Past, said: CrashCase["statement"], back: readonly FieldChange[]): Finding {
  return restoringAll(said, past, [...restore(said.object, back), ...keysAlong(input, said.object, back)]);
}
