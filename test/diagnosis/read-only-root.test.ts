import { expect, test } from "vitest";
import { edited, findingFor } from "./retold.ts";

const FILE = "deploy/deployment.yaml";
const bad = edited(FILE, "          resources:", "          securityContext:\n            readOnlyRootFilesystem: true\n          resources:");

/** Where shop-20 gets an empty folder, whose root file system cannot be written any more. */
async function folderFor(said: string): Promise<unknown> {
  const action = (await findingFor({ id: "shop-20", bad, said: `starting\n${said}` }))?.action;
  if (action?.kind !== "fix") return action?.kind;
  return action.changes.map(({ after }) => /"mountPath":"([^"]+)"/.exec(JSON.stringify(after))?.[1]).find((path) => path !== undefined);
}

test.each([
  ['nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)', "/var/cache/nginx"],
  ['nginx: [emerg] open() "/run/nginx.pid" failed (30: Read-only file system)', "/run"],
  ["Error: EROFS: read-only file system, open '/tmp/state'", "/tmp"],
  ["Error: EROFS: read-only file system, mkdir '/tmp/cache/pages'", "/tmp"],
  ["java.io.FileNotFoundException: /tmp/tomcat.8080.1/work (Read-only file system)", "/tmp/tomcat.8080.1"],
  ["Read-only file system @ rb_sysopen - /tmp/pids/server.pid (Errno::EROFS)", "/tmp/pids"],
  ["OSError: [Errno 30] Read-only file system: '/tmp/state'", "/tmp"],
  ["mkdir: cannot create directory '/tmp/x': Read-only file system", "/tmp"],
  ["open /var/log/app.log: read-only file system", "/var/log"],
  ["open /app/state: read-only file system", "escalate"],
  ["open /var/run/secrets/token: read-only file system", "escalate"],
])("%s", async (said, folder) => expect(await folderFor(said)).toBe(folder));
