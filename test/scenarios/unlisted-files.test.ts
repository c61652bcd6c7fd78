import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { badgesFix, literals, type Program } from "./badges.ts";

// A volume that lists the files of its ConfigMap, and lists one no more that the program reads.

const entry = (key: string, path = key): Json => ({ key, path });
const DATA = { "app.toml": "pool = 8\n", "log.toml": "level = 'info'\n", "theme.toml": "name = 'dark'\n" };

const of = (THEME: string, volume: { [field: string]: Json }, data: { [key: string]: string } = DATA): Program => ({
  env: literals({ THEME }),
  container: { volumeMounts: [{ name: "conf", mountPath: "/etc/app" }] },
  pod: { volumes: [{ name: "conf", ...volume }] },
  maps: { badges: data },
});
const listing = (...items: Json[]) => ({ configMap: { name: "badges", ...(items.length > 0 ? { items } : {}) } });
const projecting = (...items: Json[]) => ({ projected: { sources: [{ configMap: { name: "badges", items } }] } });

const good = of("light", listing(entry("app.toml"), entry("log.toml")));
const MISSED = "open /etc/app/log.toml: no such file or directory";
const BACK = ["volume-mount", "+ - key: log.toml", "+ path: log.toml"];

describe("a file that its volume lists no more", () => {
  test.each([
    MISSED,
    "Error: failed to read log configuration\n\nCaused by:\n    0: opening /etc/app/log.toml\n    1: No such file or directory (os error 2)",
    "FileNotFoundError: [Errno 2] No such file or directory: '/etc/app/log.toml'",
    "Error: ENOENT: no such file or directory, open '/etc/app/log.toml'",
    "java.nio.file.NoSuchFileException: /etc/app/log.toml does not exist",
  ])("is listed again: %s", async (says) => {
    expect(await badgesFix({ good, bad: of("dark", listing(entry("app.toml"))), says })).toEqual(BACK);
  });

  test("is listed beside another one that came", async () => {
    expect(await badgesFix({ good, bad: of("dark", listing(entry("app.toml"), entry("theme.toml"))), says: MISSED })).toEqual(BACK);
  });

  test("is listed where a list came in the place of all files", async () => {
    expect(await badgesFix({ good: of("light", listing()), bad: of("dark", listing(entry("app.toml"))), says: MISSED })).toEqual(BACK);
  });

  test("is listed in a source of a projected volume", async () => {
    const [then, now] = [of("light", projecting(entry("app.toml"), entry("log.toml"))), of("dark", projecting(entry("app.toml")))];
    expect(await badgesFix({ good: then, bad: now, says: MISSED })).toEqual(BACK);
  });

  test("is listed below the path that it had", async () => {
    const says = "open /etc/app/logging/level.toml: no such file or directory";
    const [then, now] = [of("light", listing(entry("app.toml"), entry("log.toml", "logging/level.toml"))), of("dark", listing(entry("app.toml")))];
    expect(await badgesFix({ good: then, bad: now, says })).toEqual(["volume-mount", "+ - key: log.toml", "+ path: logging/level.toml"]);
  });

  test.each<[name: string, bad: Program, says: string]>([
    ["where its ConfigMap does not have it any more", of("dark", listing(entry("app.toml")), { "app.toml": DATA["app.toml"] }), MISSED],
    ["where another file is missed", of("dark", listing(entry("app.toml"))), "open /var/lib/log.toml: no such file or directory"],
    [
      "where it is only told of",
      of("dark", listing(entry("app.toml"))),
      "INFO no such file: /etc/app/log.toml, using defaults\nTypeError: x is not a function",
    ],
  ])("stays away %s", async (_, bad, says) => {
    expect((await badgesFix({ good, bad, says })).join(" ")).not.toContain("log.toml");
  });
});
