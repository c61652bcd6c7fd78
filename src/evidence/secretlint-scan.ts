import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretLintRuleContext, SecretLintRuleCreator, SecretLintSourceCode } from "@secretlint/types";

/** A piece of text that a secretlint rule recognised. */
export interface Found {
  rule: string;
  start: number;
  end: number;
}

/**
 * Runs secretlint's recommended rules over a text. The rules themselves are synchronous for text; only secretlint's own runner is not, and the guards, which are
 * pure functions, need an answer at once. Comments that switch rules off (`secretlint-disable`) are no rule of the preset, so a log line cannot do it.
 */
export function scanWithSecretlint(text: string): Found[] {
  const found: Found[] = [];
  const source = sourceOf(text);
  creator.create(
    {
      sharedOptions: {},
      registerRule(rule: SecretLintRuleCreator) {
        runRule(rule, source, found);
      },
    },
    {},
  );
  return found;
}

function runRule(rule: SecretLintRuleCreator, source: SecretLintSourceCode, found: Found[]): void {
  if (rule.meta.type !== "scanner" || rule.meta.supportedContentTypes.every((type) => type === "binary")) return;
  const name = rule.meta.id.slice(rule.meta.id.lastIndexOf("secretlint-rule-") + "secretlint-rule-".length);
  const context: SecretLintRuleContext = {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => ({ message: String(messageId), messageId: String(messageId), data: data ?? {} }),
    report: ({ range }) => void found.push({ rule: name, start: range[0], end: range[1] }),
    ignore: () => undefined,
  };
  void rule.create(context, {}).file?.(source);
}

function sourceOf(content: string): SecretLintSourceCode {
  const nowhere = { line: 1, column: 0 };
  return {
    hasBOM: false,
    content,
    filePath: "evidence.txt",
    physicalFilePath: undefined,
    contentType: "text",
    ext: ".txt",
    getFilePath: () => "evidence.txt",
    getPhysicalFilePath: () => undefined,
    locationToRange: () => [0, 0],
    rangeToLocation: () => ({ start: nowhere, end: nowhere }),
    positionToIndex: () => 0,
    indexToPosition: () => nowhere,
  };
}
