import { SCHEMA_ID } from "../config/repository.ts";
import type { Annotation, Check } from "./check.ts";
import { clean, code, prose, shorten } from "./escape.ts";
import type { NoticeText } from "./notice.ts";

/** The check run on pull requests that change a repository's settings. */
export const SETTINGS_CHECK = "kube-autofix / settings";

/** A remark at a line of a settings file; the message may quote what somebody wrote there. */
export interface SettingsRemark {
  file: string;
  line: number;
  message: string;
}

const EDITORS = `With this as its first line, editors show such errors while you type:\n\n\`\`\`yaml\n# yaml-language-server: $schema=${SCHEMA_ID}\n\`\`\``;

/** The check of settings: failure with a remark at each line that is wrong, or success; `remarks` on valid ones are settings without effect. */
export function renderSettingsCheck(kind: "valid" | "invalid", remarks: readonly SettingsRemark[]): Check {
  const list = remarks.map(remarkLine).join("\n");
  const annotations = remarks.map((remark) => annotation(remark, kind === "valid" ? "notice" : "failure"));
  if (kind === "valid") {
    const summary =
      list === "" ? "They take effect with the merge into the default branch." : `They take effect with the merge into the default branch.\n\n${list}`;
    return { conclusion: "success", title: "The settings are valid", summary, text: "", annotations };
  }
  const count = remarks.length === 1 ? "one problem" : `${remarks.length} problems`;
  const warning = "On the default branch this would stop Kube AutoFix for this repository: it works with valid settings or not at all.";
  return { conclusion: "failure", title: `The settings are not valid: ${count}`, summary: `${warning}\n\n${list}\n\n${EDITORS}`, text: "", annotations };
}

/** The issue that says that the bot stands still. */
export function renderSettingsNotice(problems: readonly SettingsRemark[]): NoticeText {
  const file = problems[0]?.file ?? "";
  if (problems.length === 0) {
    return {
      isOn: false,
      title: "Kube AutoFix: the settings are valid again",
      body: "The settings on the default branch are valid, and Kube AutoFix goes by them.",
    };
  }
  return {
    isOn: true,
    title: `Kube AutoFix stands still: ${file} is not valid`,
    body: [
      `${code(file, 100)} on the default branch is not valid. Until it is, Kube AutoFix does nothing for this repository: no pull requests, no checks, no answers to commands. It never falls back to defaults.`,
      problems.map(remarkLine).join("\n"),
      `A pull request that changes the file gets a check with these remarks at their lines. ${EDITORS}`,
      "This issue is kept up to date, and closed when the file is valid.",
    ].join("\n\n"),
  };
}

function remarkLine({ file, line, message }: SettingsRemark): string {
  return `- ${code(file, 100)}, line ${line}: ${prose(message, 1500)}`;
}

function annotation({ file, line, message }: SettingsRemark, level: Annotation["level"]): Annotation {
  return { path: file, startLine: line, endLine: line, level, message: shorten(clean(message), 1500) };
}
