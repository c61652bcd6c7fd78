import { type Json, listAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { nameOf } from "../../../source/git/repository-paths.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedSettings } from "../../settings.ts";
import { strings } from "../blame/named-change.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, place, restoring } from "../entry.ts";
import { namesWord } from "../words.ts";
import { filesIn } from "./volume-file.ts";

const MISSING =
  /no such file|not found|ENOENT|does not exist|doesn't exist|(?:cannot|can't|could not|couldn't|unable to) (?:open|read|find|locate|load|access|import)|no module named|error while finding module/i;
/** A file without its folder, which is looked for where the program is started; the file in which a build tool finds all else has a name of its own. */
const RELATIVE =
  /(?:^|[\s"'`(:=])(?:\.\/)?((?:[\w-]{1,60}\/){0,4}(?:[\w.-]{1,60}\.(?:py|[cm]?js|ts|rb|php|pl|sh|exs?|jar|dll|json|ya?ml|toml|ini|cfg|conf|xml|properties|db|sqlite3?)|Gemfile|Rakefile|[Mm]akefile|Procfile|artisan))(?=$|[\s"'`):,;])/g;
/** What a runtime was told to import, by the name of the module. */
const MODULE = /(?:no module named|import module|module specification for) ["'`]?([A-Za-z_][\w.]{0,80})/i;

/**
 * The program misses what it looks for in the folder in which it is started, and that folder changed with the commit: it goes back. Only where nothing else that changed
 * says what is missed, and the image is the same: with another one the folder may have moved.
 */
export function workingFolder(crashCase: CrashCase): Finding | undefined {
  const { changed, past, found, statement } = crashCase;
  const moved = changed.find(({ path }) => path.length === found.path.length + 1 && path.at(-1) === "workingDir");
  if (past?.from !== "revision" || !moved || changed.some(({ path }) => path.at(-1) === "image")) return undefined;
  const folder = typeof moved.after === "string" ? moved.after.replace(/\/+$/, "") : "";
  for (const line of complaints(crashCase).reverse()) {
    const text = line.text.slice(0, 1000);
    const missed = MISSING.test(text) ? [...below(folder, text), ...relativeIn(text), ...moduleIn(crashCase, text)] : [];
    const [what] = missed.filter((one) => !isToldOtherwise(crashCase, moved, one));
    if (what === undefined) continue;
    const where = folder === "" ? "in another folder than before" : `in ${folder}`;
    const rootCause = `${place(statement.object, statement.container)} does not find ${what}: it is started ${where} now.`;
    return restoring(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }), past, [moved]);
  }
  return undefined;
}

function below(folder: string, text: string): string[] {
  return folder === "" ? [] : filesIn(text).filter((file) => file.startsWith(`${folder}/`));
}

function relativeIn(text: string): string[] {
  return [...text.matchAll(RELATIVE)].map(([, file = ""]) => file);
}

/** A module that the command line names, as it did before: `-m shop`, `shop.wsgi`, `main:app`. */
function moduleIn({ found }: CrashCase, text: string): string[] {
  const [, module] = MODULE.exec(text) ?? [];
  const words = ["command", "args"]
    .flatMap((list) => listAt(found.value, list))
    .flatMap((word: Json) => (typeof word === "string" ? word.split(/[\s"']+/) : []));
  const isTold = (name: string) => words.some((word) => word === name || word.startsWith(`${name}.`) || word.startsWith(`${name}:`));
  return module !== undefined && isTold(module) ? [module] : [];
}

/** Something else that changed says the name of what is missed: a variable, an argument, a file of a ConfigMap, a mount. */
function isToldOtherwise({ input, now, found, changed }: CrashCase, moved: FieldChange, missed: string): boolean {
  const name = nameOf(missed);
  const texts = changed.filter((change) => change !== moved).flatMap(({ before, after }) => [...strings(before), ...strings(after)]);
  const settings = changedSettings(input, now, found).flatMap(({ key, before, after }) => [key, ...strings(before), ...strings(after)]);
  return [...texts, ...settings].some((text) => namesWord(text, name));
}
