import { describe, expect, test } from "vitest";
import { badgesFix, literals, type Program, unready } from "./badges.ts";

// What a program refuses is a part of a value: the scheme of an address, a number among options, the value behind an option.

const env = (values: { [name: string]: string }): Program => ({ env: literals(values) });
const given = (args: string[], THEME: string): Program => ({ env: literals({ THEME }), container: { args } });

describe("the scheme of an address", () => {
  const of = (scheme: string, THEME: string) => env({ BROKER_URL: `${scheme}://mq.acme:5672/shop`, THEME });

  test.each<[scheme: string, says: string]>([
    ["rabbitmq", "KeyError: 'No such transport: rabbitmq'"],
    ["pg", 'sql: unknown driver "pg" (forgotten import?)'],
    ["postgres", "sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgres"],
    ["mq", "error: unsupported protocol mq"],
    ["mq", "Error validating broker: the URL must start with the protocol `amqp://` or `amqps://`."],
    ["mq", "invalid broker: expected scheme amqp:// or amqps://"],
  ])("goes back with it: %s %s", async (scheme, says) => {
    const fix = await badgesFix({ good: of("amqp", "light"), bad: of(scheme, "dark"), says });
    expect(fix.slice(1)).toEqual([`- value: ${scheme}://mq.acme:5672/shop`, "+ value: amqp://mq.acme:5672/shop"]);
  });

  test.each([
    "Error: the callback must start with https://",
    "unknown driver: nvidia",
    "INFO broker transport: rabbitmq\nFATAL licence expired",
    "unknown transport: rabbitmq-stream",
  ])("stays where another thing is meant: %s", async (says) => {
    expect((await badgesFix({ good: of("amqp", "light"), bad: of("rabbitmq", "dark"), says }))[0]).toMatch(/^people/);
  });
});

describe("a number", () => {
  test.each<[says: string, bad: string]>([
    ["/scripts/prune.sh: line 9: [: seven: integer expression expected\nnothing pruned, refusing to go on", "seven"],
    ["/scripts/prune.sh: line 9: [: 7d: integer expression expected", "7d"],
    ["/scripts/prune.sh: 9: [: Illegal number: 7d", "7d"],
  ])("is what a shell wants: %s", async (says, bad) => {
    const fix = await badgesFix({ good: env({ KEEP: "7", PREFIX: "a" }), bad: env({ KEEP: bad, PREFIX: "b" }), says });
    expect(fix).toEqual(["crash-on-start", `- value: ${bad}`, '+ value: "7"']);
  });

  test("stands last in a short complaint about one of several options", async () => {
    const [good, bad] = [env({ ERL_FLAGS: "+S 2:2", THEME: "light" }), env({ ERL_FLAGS: "+S two", THEME: "dark" })];
    expect(await badgesFix({ good, bad, says: "bad number of schedulers two\nUsage: beam.smp [flags]" })).toEqual([
      "crash-on-start",
      "- value: +S two",
      "+ value: +S 2:2",
    ]);
    expect((await badgesFix({ good, bad, says: "bad luck, there are two, or more, leaders" }))[0]).toMatch(/^people/);
  });
});

describe("an option without its value", () => {
  const [good, bad] = [given(["-listen", ":8080", "-config", "/etc/shop.yaml"], "light"), given(["-listen", ":9090", "-config"], "dark")];

  test.each([
    "flag needs an argument: -config\nUsage of /app/shop:\n  -config string",
    "error: argument -config: expected one argument",
    "error: a value is required for '-config <FILE>' but none was supplied",
    "Error: Option '-config' requires an argument.",
  ])("gets it back: %s", async (says) => {
    expect(await badgesFix({ good, bad, says })).toEqual(["crash-on-start", "+ - /etc/shop.yaml"]);
  });

  test("gets none where another one is named, or it has one", async () => {
    expect((await badgesFix({ good, bad, says: "flag needs an argument: -listen" }))[0]).toMatch(/^people/);
    const other = given(["-listen", ":9090", "-config", "/etc/other.yaml"], "dark");
    expect((await badgesFix({ good, bad: other, says: "flag needs an argument: -config" }))[0]).not.toContain("+ - /etc/shop.yaml");
  });
});

describe("a program that answers only itself", () => {
  const live = unready('Readiness probe failed: Get "http://10.244.0.139:8080/readyz": dial tcp 10.244.0.139:8080: connect: connection refused');
  const of = (HOST: string, THEME: string) => env({ HOST, THEME });

  test.each<[is: string, was: string, says: string]>([
    ["127.0.0.1", "0.0.0.0", "INFO:     Uvicorn running on http://127.0.0.1:8080 (Press CTRL+C to quit)"],
    ["localhost", "0.0.0.0", "listening on localhost:8080"],
    ["127.0.0.1:8080", ":8080", "level=info msg=listening address=127.0.0.1:8080"],
    ["http://localhost:8080", "http://+:8080", "Now listening on: http://localhost:8080"],
  ])("is told again to answer everybody: %s", async (is, was, says) => {
    const fix = await badgesFix({ good: of(was, "light"), bad: of(is, "dark"), says, live });
    expect(fix.map((line) => line.replaceAll('"', ""))).toEqual(["readiness-probe", `- value: ${is}`, `+ value: ${was}`]);
  });

  test("is told so by its arguments as well", async () => {
    const [good, bad] = [given(["serve", "--host=0.0.0.0"], "light"), given(["serve", "--host=127.0.0.1"], "dark")];
    const fix = await badgesFix({ good, bad, says: "serving at 127.0.0.1:8080", live });
    expect(fix).toEqual(["readiness-probe", "- - --host=127.0.0.1", "+ - --host=0.0.0.0"]);
  });

  test.each<[why: string, good: Program, bad: Program, says: string]>([
    ["it says nothing of that", of("0.0.0.0", "light"), of("127.0.0.1", "dark"), "ready"],
    ["it listens elsewhere", of("0.0.0.0", "light"), of("127.0.0.1", "dark"), "listening on 127.0.0.1:9090"],
    ["it listens for everybody too", of("0.0.0.0", "light"), of("127.0.0.1", "dark"), "listening on 127.0.0.1:8080\nlistening on 0.0.0.0:8080"],
    ["it was that before", of("localhost", "light"), of("127.0.0.1", "dark"), "listening on 127.0.0.1:8080"],
    ["two settings may be it", env({ HOST: "0.0.0.0", BIND: "0.0.0.0" }), env({ HOST: "127.0.0.1", BIND: "127.0.0.1" }), "listening on 127.0.0.1:8080"],
  ])("is left to people where %s", async (_, good, bad, says) => {
    expect((await badgesFix({ good, bad, says, live }))[0]).toMatch(/^people/);
  });
});
