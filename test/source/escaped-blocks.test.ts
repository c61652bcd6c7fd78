import { expect, test } from "vitest";
import { escapedBlocks } from "../../src/source/slips/escaped-blocks.ts";

const template = (columns: number, indent = 12) =>
  `      containers:\n        - name: shop\n          {{- with .Values.mounts }}\n          volumeMounts:\n${" ".repeat(indent)}{{- toYaml . | nindent ${columns} }}\n          {{- end }}\n`;
const meant = (text: string, lastGood?: string) =>
  escapedBlocks([{ path: "chart/templates/deployment.yaml", text, lastGood }]).map(({ change }) => change.after);

test.each([8, 10])("a block of %i columns below a key of ten goes as deep as its line stands", (columns) => {
  expect(meant(template(columns))).toEqual([template(12)]);
});

test.each([
  ["deep enough", template(12), undefined],
  ["deeper than its line", template(14), undefined],
  ["there since the last good revision", template(8), template(8)],
  ["no deeper itself", template(8, 10), undefined],
])("a block that is %s stays", (_, text, lastGood) => expect(meant(text, lastGood)).toEqual([]));
