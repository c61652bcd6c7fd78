import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { SettingChange } from "../../settings.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { leavesHost, withAlongside } from "./alongside.ts";

/** A key of a ConfigMap as the variable that the container finds it in. */
export function asVariable({ key, variable = key, before, after }: SettingChange): FieldChange {
  return { path: ["env", { key: "name", value: variable }], before, after };
}

/** What of these settings has to go back with the blamed ones: the port that came with a host. `half` where a port would go back without its host. */
export function settingsAlong({ input, changed }: CrashCase, settings: readonly SettingChange[], blamed: readonly SettingChange[]): SettingChange[] | "half" {
  const all = settings.filter(({ file }) => file === undefined).map((setting) => ({ setting, as: asVariable(setting) }));
  const own = all.filter(({ setting }) => blamed.includes(setting)).map(({ as }) => as);
  const group = { input, changed: [...changed, ...all.map(({ as }) => as)] };
  if (leavesHost(group, own)) return "half";
  const back = withAlongside(group, own);
  return all.filter(({ as, setting }) => back.includes(as) && !blamed.includes(setting)).map(({ setting }) => setting);
}
