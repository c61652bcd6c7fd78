import { type Json, sameRef } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { SettingChange } from "../../settings.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { unitsAlong } from "../crash/units-along.ts";
import { renamedAlike } from "../settings/renamed-variables.ts";
import { leavesHost, withAlongside } from "./alongside.ts";
import { isListedWith } from "./listed-with.ts";

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

/** What goes back with the blamed settings, though no complaint names it yet: what went with them, and what got the same slip. */
export function settingsBeside(crashCase: CrashCase, settings: readonly SettingChange[], blamed: readonly SettingChange[]): SettingChange[] {
  const all = settings.filter(({ file }) => file === undefined).map((setting) => ({ setting, as: asVariable(setting) }));
  const own = all.filter(({ setting }) => blamed.includes(setting)).map(({ as }) => as);
  const slips = unitsAlong(
    all.map(({ as }) => as),
    own,
  );
  return [...lostWith(crashCase, settings, blamed), ...all.filter(({ as }) => slips.includes(as)).map(({ setting }) => setting)];
}

/** Variables that went from the ConfigMaps with the blamed ones: what a list asks for together with them, and what was renamed in the same way. */
function lostWith(crashCase: CrashCase, settings: readonly SettingChange[], blamed: readonly SettingChange[]): SettingChange[] {
  const nameOf = ({ key, variable = key }: SettingChange) => variable;
  const missed = blamed.filter(isLost).map(nameOf);
  const others = settings.filter((setting) => isLost(setting) && !blamed.includes(setting));
  const alike = renamedAlike(settings.filter(({ file }) => file === undefined).map(asItem), missed).map(({ name }) => name);
  return missed.length === 0 ? [] : others.filter((setting) => alike.includes(nameOf(setting)) || isListedWith(crashCase, nameOf(setting), missed));
}

/** Keys that came with what these held: where values or a template make the name, the one goes with the other's coming back. */
export function heirsOf(settings: readonly SettingChange[], blamed: readonly SettingChange[]): ObjectChange[] {
  const held = blamed.flatMap((one) => (isLost(one) && typeof one.before === "string" && one.before.length >= 4 ? [one.before] : []));
  const heirs = settings.filter(({ file, before, after }) => file === undefined && before === undefined && held.some((value) => value === after));
  return heirs.map(({ map, key, after }) => ({ object: map, path: ["data", key], before: after, after: undefined }));
}

/** All that went from a ConfigMap with what is missed: where one place in values gives all of it, the one does not come back alone. */
export function lostTogether(settings: readonly SettingChange[], blamed: readonly SettingChange[]): ObjectChange[] {
  const maps = blamed.filter(isLost).map(({ map }) => map);
  const others = settings.filter((setting) => isLost(setting) && !blamed.includes(setting) && maps.some((map) => sameRef(map, setting.map)));
  return others.map(({ map, key, before }) => ({ object: map, path: ["data", key], before: undefined, after: before }));
}

function isLost({ file, before, after }: SettingChange): boolean {
  return file === undefined && before !== undefined && after === undefined;
}

function asItem({ key, variable: name = key, before, after }: SettingChange): FieldChange {
  const item = (value: Json | undefined) => (value === undefined ? undefined : { name, value });
  return { path: ["env", { key: "name", value: name }], before: item(before), after: item(after) };
}
