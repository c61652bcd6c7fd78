// npm leaves optional packages of other platforms out of package-lock.json when the registry in use does not carry them,
// and `npm ci` then refuses the lock file. This names them again, from the optionalDependencies of what is locked.
// Run it after `npm install` on a machine with a partial mirror:  node .ci/complete-lock.mjs
import { readFileSync, writeFileSync } from "node:fs";

const OS = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  openbsd: "openbsd",
  netbsd: "netbsd",
  win32: "win32",
  windows: "win32",
  sunos: "sunos",
  aix: "aix",
  openharmony: "openharmony",
  wasm32: undefined,
};
const CPU = ["arm64", "arm", "x64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32"];

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const added = [];
for (const parent of Object.values({ ...lock.packages })) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key]) continue;
    const version = range.replace(/^npm:.*@/, "").replace(/^[\^~]/, "");
    const words = name.split(/[/@-]/);
    const os = words.map((w) => OS[w]).find(Boolean);
    const cpu = CPU.find((c) => words.includes(c));
    lock.packages[key] = { version, ...(parent.dev ? { dev: true } : {}), optional: true, ...(os ? { os: [os] } : {}), ...(cpu ? { cpu: [cpu] } : {}) };
    added.push(key);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? "package-lock.json was complete" : `named ${added.length} optional packages`);
