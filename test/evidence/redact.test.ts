import { describe, expect, test } from "vitest";
import { containsSecret, redact } from "../../src/evidence/redact.ts";
import { loadRecording, recordingIds } from "../world/recording.ts";
import { HARMLESS, SECRETS } from "./secrets.ts";

describe("a secret in any shape", () => {
  test.each(SECRETS)("%s is hidden", (_shape, text, secret) => {
    const { text: shown, redactions } = redact(text);
    expect(shown).not.toContain(secret);
    expect(Object.keys(redactions)).not.toHaveLength(0);
    expect(containsSecret(text)).toBe(true);
  });

  test.each(SECRETS)("%s is not found again in the redacted text", (_shape, text) => {
    const once = redact(text).text;
    expect(redact(once).text).toBe(once);
    expect(containsSecret(once)).toBe(false);
  });

  test("what surrounds it stays readable", () => {
    const log = "2026-11-22 dial postgres://shop:hunter2@db.shop.svc:5432/orders: connection refused\nDB_PASSWORD=hunter2 PORT=80";
    expect(redact(log)).toMatchInlineSnapshot(`
      {
        "redactions": {
          "named-secret": 1,
          "url-password": 1,
        },
        "text": "2026-11-22 dial postgres://shop:[redacted: url-password]@db.shop.svc:5432/orders: connection refused
      DB_PASSWORD=[redacted: named-secret] PORT=80",
      }
    `);
  });

  test("a second secret in the same line is hidden too", () => {
    expect(redact("TOKEN=hunter2 and PASSWORD=hunter3").text).not.toMatch(/hunter[23]/);
  });

  test("a secret far out in an endless line is still found, and the line is cut", () => {
    const line = `${"x ".repeat(40_000)}DB_PASSWORD=hunter2`;
    expect(containsSecret(line)).toBe(true);
    expect(redact(line).text).toHaveLength(2000 + " […]".length);
  });
});

describe("ordinary operations text", () => {
  test.each(HARMLESS)("%s", (text) => {
    expect(redact(text)).toEqual({ text, redactions: {} });
  });

  test.each(recordingIds())("of recording %s is left alone", (id) => {
    const { objects, logs, before, after } = loadRecording(id);
    const events = objects.filter((object) => object.kind === "Event").map((event) => String(event.note));
    const texts = [...events, ...Object.values(logs), ...Object.values(before), ...Object.values(after)];
    expect(texts.map((text) => redact(text)).filter(({ redactions }) => Object.keys(redactions).length > 0)).toEqual([]);
  });
});
