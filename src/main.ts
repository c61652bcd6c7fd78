import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { startAutofix } from "./compose.ts";
import { type AppConfig, parseAppConfig } from "./config/operator.ts";
import { AutofixError, messageOf } from "./errors.ts";

function privateKeyOf({ privateKey }: AppConfig): string {
  if (privateKey.kind === "text") return privateKey.pem;
  try {
    return readFileSync(privateKey.path, "utf8");
  } catch (thrown) {
    throw new AutofixError("config/invalid", `PRIVATE_KEY_PATH ${privateKey.path} cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
}

try {
  const config = parseAppConfig(process.env);
  const rendererCache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "kube-autofix", "bin");
  const running = await startAutofix(config, { privateKey: privateKeyOf(config), rendererCache });
  console.error(`kube-autofix listens on ${running.url}`);
  // A container runtime sends SIGTERM and waits (30 s in Kubernetes) before it kills.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void running.stop().then(() => process.exit(0)));
} catch (thrown) {
  console.error(`kube-autofix cannot start: ${messageOf(thrown)}`);
  process.exitCode = 1;
}
