import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { badgesFix, literals, type Program } from "./badges.ts";

// A program that may not listen on a port below 1024, in the words of many runtimes. Each time more changed than the port.

const env = (values: { [name: string]: string }, container: { [field: string]: Json } = {}): Program => ({ env: literals(values), container });
const args = (THEME: string, ...words: string[]): Program => ({ env: literals({ THEME }), container: { args: words } });
const nginx = (text: string, THEME: string): Program => ({
  env: literals({ THEME }),
  container: { volumeMounts: [{ name: "conf", mountPath: "/etc/nginx/conf.d" }] },
  pod: { volumes: [{ name: "conf", configMap: { name: "badges" } }] },
  maps: { badges: { "default.conf": text } },
});

const DENIED = [
  "listen tcp :80: bind: permission denied",
  "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)",
  "ERROR:    [Errno 13] error while attempting to bind on address ('0.0.0.0', 80): permission denied",
  "Error: listen EACCES: permission denied 0.0.0.0:80",
  'Errno::EACCES: Permission denied - bind(2) for "0.0.0.0" port 80',
  "(13)Permission denied: AH00072: make_sock: could not bind to address [::]:80",
  "[ALERT]    (1) : Starting frontend web: cannot bind socket (Permission denied) [0.0.0.0:80]",
  "Caused by: java.net.BindException: Permission denied",
  "Caused by: java.net.SocketException: Permission denied\n\tat java.base/sun.nio.ch.Net.bind0(Native Method)\n\tat java.base/sun.nio.ch.Net.bind(Net.java:555)",
  "Unhandled exception. System.Net.Sockets.SocketException (13): Permission denied\n   at System.Net.Sockets.Socket.DoBind(EndPoint endPointSnapshot, SocketAddress socketAddress)",
  '  File "/usr/local/lib/python3.12/socketserver.py", line 473, in server_bind\n    self.socket.bind(self.server_address)\nPermissionError: [Errno 13] Permission denied',
];

describe("a port that a program may not have", () => {
  test.each(DENIED)("goes back where a variable told it: %s", async (says) => {
    const fix = await badgesFix({ good: env({ PORT: "8080", THEME: "light" }), bad: env({ PORT: "80", THEME: "dark" }), says });
    expect(fix).toEqual(["crash-on-start", '- value: "80"', '+ value: "8080"']);
  });

  test.each<[name: string, good: Program, bad: Program, fix: string[]]>([
    ["an argument", args("light", "--port=8080"), args("dark", "--port=80"), ["- - --port=80", "+ - --port=8080"]],
    ["a pair of arguments", args("light", "-b", "0.0.0.0:8080"), args("dark", "-b", "0.0.0.0:80"), ["- - 0.0.0.0:80", "+ - 0.0.0.0:8080"]],
    ["arguments of which more came", args("light", "--port", "8080"), args("dark", "--port", "80", "--reload"), ['- - "80"', '+ - "8080"']],
    [
      "a line of a file",
      nginx("server {\n  listen 8080;\n  root /srv;\n}\n", "light"),
      nginx("server {\n  listen 80;\n  root /www;\n}\n", "dark"),
      ["- listen 80;", "+ listen 8080;"],
    ],
    [
      "an address with a scheme",
      env({ ASPNETCORE_URLS: "http://+:8080", THEME: "light" }),
      env({ ASPNETCORE_URLS: "http://+:80", THEME: "dark" }),
      ["- value: http://+:80", "+ value: http://+:8080"],
    ],
  ])("goes back where %s told it", async (_, good, bad, fix) => {
    const says = "listen tcp 0.0.0.0:80: bind: permission denied";
    expect(await badgesFix({ good, bad, says })).toEqual(["crash-on-start", ...fix]);
  });
});

describe("a port stays", () => {
  const [good, bad] = [env({ PORT: "8080", THEME: "light" }), env({ PORT: "80", THEME: "dark" })];

  test.each([
    "open /data/cache: permission denied",
    "listening on :80\nopen /data/cache: permission denied",
    "listen unix /run/badges.sock: bind: permission denied",
    "WARN could not bind to 0.0.0.0:80: permission denied, using 8080\nTypeError: themes.map is not a function",
    "listen tcp :9090: bind: permission denied",
  ])("where something else is denied: %s", async (says) => {
    const fix = await badgesFix({ good, bad, says });
    expect(fix[0]).toMatch(/^people/);
  });

  test("where what asks for it moved with it", async () => {
    const there = env({ PORT: "80", THEME: "dark" }, { ports: [{ name: "http", containerPort: 80 }] });
    const fix = await badgesFix({ good, bad: there, says: "listen tcp :80: bind: permission denied" });
    expect(fix[0]).toMatch(/^people/);
  });

  test("where it is that of another program, or of the load balancer", async () => {
    const of = (PORT: string, DB_PORT: string, PUBLIC_PORT: string) => env({ PORT, DB_PORT, PUBLIC_PORT });
    const says = "Caused by: java.net.BindException: Permission denied";
    expect(await badgesFix({ good: of("8080", "5432", "8080"), bad: of("80", "543", "80"), says })).toEqual([
      "crash-on-start",
      '- value: "80"',
      '+ value: "8080"',
    ]);
  });

  test("where several could be meant and none is named", async () => {
    const of = (PORT: string, ADMIN_PORT: string) => env({ PORT, ADMIN_PORT });
    const fix = await badgesFix({ good: of("8080", "9090"), bad: of("80", "90"), says: "java.net.BindException: Permission denied" });
    expect(fix[0]).toMatch(/^people/);
  });
});
