import type { OperatorConfig } from "./config/operator.ts";
import type { JsonSchema, SettingProblem } from "./config/problems.ts";
import { type RepositorySettings, settingsReader } from "./config/repository.ts";
import { AutofixError, messageOf } from "./errors.ts";
import { compilePolicy } from "./guards/policy/run.ts";
import { EDITABLE_KINDS } from "./guards/scope.ts";
import { FAILURE_CLASSES } from "./incident/failure-class.ts";
import { MAX_SETTINGS_BYTES, parseSettingsFile } from "./source/edit/settings-file.ts";
import type { Repository, RepositoryTree } from "./source/git/repository.ts";

/** The one name of a repository's settings. */
export const SETTINGS_PATH = ".github/autofix.yml";
/** Looks right and would never be read: an error, so that nobody believes in settings that do not hold. */
const OTHER_NAME = ".github/autofix.yaml";
/** Every path by which a change can be about settings. */
export const SETTINGS_PATHS: readonly string[] = [SETTINGS_PATH, OTHER_NAME];

/** Something wrong in a file, for an annotation; lines count from 1. */
export interface FileProblem {
  file: string;
  line: number;
  message: string;
}

export function problemWords({ file, line, message }: FileProblem): string {
  return `${file}, line ${line}: ${message}`;
}

/** What a commit says of a repository's settings. A commit without the file says nothing, which is valid. `lineOf` is 1 for what is not there. */
export type FoundSettings =
  | { kind: "valid"; settings: RepositorySettings; lineOf(path: readonly (string | number)[]): number }
  | { kind: "invalid"; problems: FileProblem[] };

const WORDS = { kinds: [...EDITABLE_KINDS], failureClasses: FAILURE_CLASSES };
const reader = settingsReader(WORDS);

/** The JSON Schema of the settings, for editors. */
export const SETTINGS_SCHEMA: JsonSchema = reader.published;

export const NOTHING_SAID: FoundSettings = { kind: "valid", settings: {}, lineOf: () => 1 };

/** The settings that count: those at the head of the default branch. Throws where GitHub cannot be read; never falls back to defaults. */
export async function readSettings(repository: Repository): Promise<FoundSettings> {
  const commit = await repository.resolve("HEAD");
  return commit ? settingsAt(await repository.tree(commit)) : NOTHING_SAID;
}

/** The settings that a commit would bring. */
export async function settingsAt(tree: RepositoryTree): Promise<FoundSettings> {
  const entry = tree.files.find(({ path }) => path === SETTINGS_PATH);
  const misnamed = tree.files.some(({ path }) => path === OTHER_NAME);
  const wrongName = { file: OTHER_NAME, line: 1, message: `This file is not read: settings are read from ${SETTINGS_PATH} only. Rename it, or remove it.` };
  if (misnamed) return { kind: "invalid", problems: [wrongName] };
  if (!entry) return NOTHING_SAID;
  if (entry.mode !== "file" && entry.mode !== "executable") return invalid(`${SETTINGS_PATH} is a ${entry.mode}: it has to be a plain file.`);
  if (entry.size > MAX_SETTINGS_BYTES) return invalid(`The file is longer than ${MAX_SETTINGS_BYTES / 1024} KiB.`);
  return judgeText(tree);
}

async function judgeText(tree: RepositoryTree): Promise<FoundSettings> {
  const text = await readText(tree);
  if (typeof text !== "string") return text;
  const parsed = parseSettingsFile(text);
  if (parsed.kind === "refused") return invalid(parsed.message, parsed.line);
  const judged = reader.judge(parsed.value);
  const found = judged.kind === "valid" ? uncompiled(judged.settings) : judged.problems;
  if (judged.kind === "valid" && found.length === 0) return { ...judged, lineOf: parsed.lineOf };
  const problems = found.map(({ path, message }) => ({ file: SETTINGS_PATH, line: parsed.lineOf(path), message }));
  return { kind: "invalid", problems: problems.sort((a, b) => a.line - b.line) };
}

/** The team's rules that do not compile: told in the pull request that brings them, not when a fix is due at night. */
function uncompiled({ policies = [] }: RepositorySettings): SettingProblem[] {
  return policies.flatMap((policy, i) => {
    const compiled = compilePolicy(policy);
    return compiled.kind === "invalid" ? [{ path: ["policies", i], message: `The policy ${policy.name} does not compile: ${compiled.why}.` }] : [];
  });
}

/** Bytes that are no text are the file's fault; everything else that keeps it from being read is not. */
async function readText(tree: RepositoryTree): Promise<string | FoundSettings> {
  try {
    return (await tree.read(SETTINGS_PATH)) ?? "";
  } catch (thrown) {
    if (thrown instanceof AutofixError && thrown.code === "source/not-text") return invalid(messageOf(thrown));
    throw thrown;
  }
}

function invalid(message: string, line = 1): FoundSettings {
  return { kind: "invalid", problems: [{ file: SETTINGS_PATH, line, message }] };
}

/** The operator's lists of kinds and classes are of known words. Throws `config/invalid`: a misspelled word would switch everything off. */
export function refuseUnknownWords({ kinds = [], failureClasses = [] }: Pick<OperatorConfig, "kinds" | "failureClasses">): void {
  const unknown = (variable: string, given: readonly string[], known: readonly string[]) =>
    given.filter((word) => !known.includes(word)).map((word) => `  - ${variable} names ${word}, which is none of ${known.join(", ")}.`);
  const problems = [...unknown("AUTOFIX_KINDS", kinds, WORDS.kinds), ...unknown("AUTOFIX_CLASSES", failureClasses, WORDS.failureClasses)];
  if (problems.length > 0) throw new AutofixError("config/invalid", `This configuration does not work:\n${problems.join("\n")}`);
}
