import { describe, expect, test } from "vitest";
import { badgesFix, literals, type Program } from "./badges.ts";

// A program that dies of a fault in its own code says nothing against the one thing that changed.

const env = (values: { [name: string]: string }): Program => ({ env: literals(values) });
/** With settings in a file of a ConfigMap. */
const reading = (text: string): Program => ({
  container: { volumeMounts: [{ name: "conf", mountPath: "/etc/app" }] },
  pod: { volumes: [{ name: "conf", configMap: { name: "badges" } }] },
  maps: { badges: { "app.properties": text } },
});

const DIED = [
  "Segmentation fault (core dumped)",
  "/app/entry.sh: line 3:    12 Segmentation fault      (core dumped) /app/run --pool-size=12",
  "/app/entry.sh: line 3:    12 Aborted                 (core dumped) /app/run",
  "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc",
  "libc++abi: terminating due to uncaught exception of type std::length_error: vector",
  "double free or corruption (!prev)\nAborted",
  "free(): invalid pointer\nAborted (core dumped)",
  "*** stack smashing detected ***: terminated",
  "Illegal instruction",
  "Bus error",
  "core dumped",
  "received SIGSEGV",
];

describe("a program that dies of a fault of its own", () => {
  test.each(DIED)("is left to people, though only one variable changed: %s", async (says) => {
    expect((await badgesFix({ good: env({ POOL_SIZE: "8" }), bad: env({ POOL_SIZE: "12" }), says }))[0]).toMatch(/^people: crash-on-start/);
  });

  test.each(DIED)("is left to people, though one file changed: %s", async (says) => {
    const [good, bad] = [reading("pool.size=8\ntheme=light\n"), reading("pool.size=12\ntheme=dark\n")];
    expect((await badgesFix({ good, bad, says }))[0]).toMatch(/^people: crash-on-start/);
  });

  test.each(DIED)("may do so for want of the one variable that went: %s", async (says) => {
    const fix = await badgesFix({ good: env({ CACHE: "/data/cache", BANNER: "winter" }), bad: env({ BANNER: "winter" }), says });
    expect(fix).toEqual(["crash-on-start", "+ - name: CACHE", "+ value: /data/cache"]);
  });

  test("names what changed in the words of its exception", async () => {
    const says = "terminate called after throwing an instance of 'std::runtime_error'\n  what():  pool size of 5000 exceeds the limit";
    const fix = await badgesFix({ good: env({ POOL_SIZE: "8", THEME: "light" }), bad: env({ POOL_SIZE: "5000", THEME: "dark" }), says });
    expect(fix).toEqual(["crash-on-start", '- value: "5000"', '+ value: "8"']);
  });
});
