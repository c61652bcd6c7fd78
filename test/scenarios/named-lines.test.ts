import { describe, expect, test } from "vitest";
import { badgesFix, type Program } from "./badges.ts";

// Which line of a file a program means: by its number, or by a name that it reads without regard to case.

const reading = (text: string): Program => ({
  container: { volumeMounts: [{ name: "conf", mountPath: "/etc/app" }] },
  pod: { volumes: [{ name: "conf", configMap: { name: "badges" } }] },
  maps: { badges: { "app.conf": text } },
});

describe("a line of a file", () => {
  test.each(["variable reference for 'SHOP_NAME' on line 2 can not be found", "app.conf:2: variable SHOP_NAME could not be found"])(
    "is told by its number: %s",
    async (says) => {
      const [good, bad] = [reading("port: 4222\nserver_name: badges\nmax_payload: 1MB\n"), reading("port: 4222\nserver_name: $SHOP_NAME\nmax_payload: 2MB\n")];
      expect((await badgesFix({ good, bad, says })).slice(1)).toEqual(["- server_name: $SHOP_NAME", "+ server_name: badges"]);
    },
  );

  const [good, bad] = [reading("[OUTPUT]\n    Host logs.acme\n    Port 24224\n"), reading("[OUTPUT]\n    Hosst logs.acme\n    Port 24225\n")];

  test.each([
    "[error] [config] forward: unknown configuration property 'hosst'. The following properties are allowed: shared_key, host, port",
    'error: unknown setting "HOSST"',
  ])("is told by its name in another case: %s", async (says) => {
    expect((await badgesFix({ good, bad, says })).slice(1)).toEqual(["- Hosst logs.acme", "+ Host logs.acme"]);
  });

  test.each(["error: unknown upstream 'host'", "[info] no such file 'hosst', going on\nFATAL licence expired", "error: hosst is missing a licence"])(
    "is not told: %s",
    async (says) => {
      expect((await badgesFix({ good, bad, says }))[0]).toMatch(/^people/);
    },
  );
});
