import { describe, expect, test } from "vitest";
import { badgesFix, literals, type Program } from "./badges.ts";

// Texts that are booleans or numbers to Kubernetes (yes, on, 0o17) come back in the quotes that they need.

const env = (values: { [name: string]: string }): Program => ({ env: literals(values) });
/** The same variables from a ConfigMap, one by one. */
const mapped = (data: { [name: string]: string }): Program => ({
  env: Object.keys(data).map((name) => ({ name, valueFrom: { configMapKeyRef: { name: "badges", key: name, optional: true } } })),
  maps: { badges: data },
});

describe("a text that needs its quotes", () => {
  test.each(["yes", "no", "on", "off", "y", "N", "0o17", "~"])("comes back with its variable: %s", async (value) => {
    const [good, bad] = [env({ ACCEPT_EULA: value, THEME: "light" }), env({ THEME: "dark", BANNER: "winter" })];
    const fix = await badgesFix({ good, bad, says: "Error: environment variable ACCEPT_EULA not found" });
    expect(fix).toEqual(["crash-on-start", "+ - name: ACCEPT_EULA", `+ value: "${value}"`]);
  });

  test("goes back in the place of another word", async () => {
    const [good, bad] = [env({ APPEND_ONLY: "yes", THEME: "light" }), env({ APPEND_ONLY: "sometimes", THEME: "dark" })];
    const fix = await badgesFix({ good, bad, says: 'APPEND_ONLY: must be yes or no, got "sometimes"' });
    expect(fix).toEqual(["crash-on-start", "- value: sometimes", '+ value: "yes"']);
  });

  test("goes back in a ConfigMap", async () => {
    const [good, bad] = [mapped({ APPEND_ONLY: "yes", THEME: "light" }), mapped({ APPEND_ONLY: "sometimes", THEME: "dark" })];
    const fix = await badgesFix({ good, bad, says: 'APPEND_ONLY: must be yes or no, got "sometimes"' });
    expect(fix).toEqual(["crash-on-start", "- APPEND_ONLY: sometimes", '+ APPEND_ONLY: "yes"']);
  });
});
