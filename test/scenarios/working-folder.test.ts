import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { badgesFix, literals, type Program } from "./badges.ts";

// A program that is started in another folder since the commit, and misses what it looks for there.

const of = (workingDir: string | undefined, THEME: string, command: string[], more: { [field: string]: Json } = {}): Program => ({
  env: literals({ THEME }),
  container: { command, ...(workingDir === undefined ? {} : { workingDir }), ...more },
});
const BACK = ["crash-on-start", "- workingDir: /srv", "+ workingDir: /app"];

describe("the folder in which a program is started", () => {
  test.each<[says: string, command: string[]]>([
    ["Error: Cannot find module '/srv/server.js'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)", ["node", "server.js"]],
    ["Could not locate Gemfile or .bundle/ directory", ["bundle", "exec", "puma"]],
    ["npm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '/srv/package.json'", ["npm", "start"]],
    ["python: can't open file '/srv/manage.py': [Errno 2] No such file or directory", ["python", "manage.py", "runserver"]],
    ["ModuleNotFoundError: No module named 'shop'", ["gunicorn", "shop.wsgi"]],
    ['ERROR:    Error loading ASGI app. Could not import module "main".', ["uvicorn", "main:app"]],
    ["Could not open input file: artisan", ["php", "artisan", "serve"]],
    ["Error: Unable to access jarfile shop.jar", ["java", "-jar", "shop.jar"]],
    ["FATAL open config.yaml: no such file or directory", ["/app/run"]],
  ])("goes back: %s", async (says, command) => {
    expect(await badgesFix({ good: of("/app", "light", command), bad: of("/srv", "dark", command), says })).toEqual(BACK);
  });

  test("goes where none was", async () => {
    const command = ["node", "server.js"];
    const fix = await badgesFix({
      good: of(undefined, "light", command),
      bad: of("/srv", "dark", command),
      says: "Error: Cannot find module '/srv/server.js'",
    });
    expect(fix).toEqual(["crash-on-start", "- workingDir: /srv"]);
  });

  test.each<[name: string, bad: Program, says: string]>([
    ["another file is missed", of("/srv", "dark", ["/app/run"]), "FATAL open /var/lib/badges/themes: no such file or directory"],
    ["a module is missed that nobody told it", of("/srv", "dark", ["gunicorn", "shop.wsgi"]), "ModuleNotFoundError: No module named 'psycopg'"],
    ["the file is new in the command", of("/srv", "dark", ["node", "index.js"]), "Error: Cannot find module '/srv/index.js'"],
    ["the image is another one", of("/srv", "dark", ["/app/run"], { image: "acme/checkout:1.4.2" }), "FATAL open config.yaml: no such file or directory"],
    ["something else is wrong", of("/srv", "dark", ["/app/run"]), "TypeError: themes.map is not a function"],
    ["it goes on without", of("/srv", "dark", ["/app/run"]), "INFO config.yaml not found, using defaults\nTypeError: themes.map is not a function"],
  ])("stays where %s", async (_, bad, says) => {
    const fix = await badgesFix({ good: of("/app", "light", ["/app/run"]), bad, says });
    expect(fix).not.toContain("+ workingDir: /app");
  });
});
