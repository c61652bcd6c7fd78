import { expect, test } from "vitest";
import { movedReads } from "../../src/source/slips/moved-reads.ts";

const moved = (lastGood: string, text: string) => [...movedReads([{ path: "chart/templates/deployment.yaml", text, lastGood }])];

test("a line that reads a value elsewhere says where it moved", () => {
  expect(moved("a: {{ .Values.smtpHost | quote }}\n", "a: {{ .Values.smtp.host | quote }}\n")).toEqual([["smtpHost", "smtp.host"]]);
});

test.each([
  ["is still read", "a: {{ .Values.host }}\nb: {{ .Values.host }}\n", "a: {{ .Values.smtp.host }}\nb: {{ .Values.host }}\n"],
  ["went to two places", "a: {{ .Values.host }}\nb: {{ .Values.host }}\n", "a: {{ .Values.smtp.host }}\nb: {{ .Values.mail.host }}\n"],
  ["is read for something else", "a: {{ .Values.host }}\n", "b: {{ .Values.smtp.host }}\n"],
])("nothing is known of one that %s", (_, lastGood, text) => expect(moved(lastGood, text)).toEqual([]));
