import { tmpdir } from "node:os";
import { join } from "node:path";
import colours from "picocolors";
import { pino } from "pino";
import { Narrator } from "./narrator.ts";
import { readOptions, USAGE } from "./options.ts";
import { perform } from "./performance.ts";
import { Stage } from "./stage.ts";

/** What the demo may know of the environment that it was started in: nothing that names a cluster, a model, a key or a proxy. */
const KNOWN = ["PATH", "HOME", "TMPDIR", "TERM", "TZ", "LANG", "LC_ALL"];

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options || options.help) {
    process[options ? "stdout" : "stderr"].write(USAGE);
    return options ? 0 : 2;
  }
  for (const name of Object.keys(process.env)) if (!KNOWN.includes(name)) delete process.env[name];
  const started = Date.now();
  const isTerminal = process.stdout.isTTY === true;
  const narrator = new Narrator({ write: (text) => process.stdout.write(text), colours, pace: isTerminal ? 1000 : 0 });
  const logFile = options.verbose ? join(tmpdir(), `kube-autofix-demo-${process.pid}.log`) : undefined;

  const opening = Stage.set(logFile ? pino.destination({ dest: logFile, sync: true }) : undefined);
  const interrupted = interruption();
  narrator.title(
    "Kube AutoFix: from a failing deployment to a pull request",
    "The app is the real one. Around it, in this process: an emulated GitHub, a cluster that replays what real Argo CD and Flux controllers reported, and a scripted model. Nothing leaves this machine.",
  );
  if (logFile) narrator.say(`The app's log: ${logFile}`);
  try {
    const done = await Promise.race([opening.then((stage) => perform(stage, narrator)), interrupted]);
    if (done === "interrupted") {
      narrator.mute();
      return 130;
    }
    narrator.say(`\n${done ? "All of this happened" : "Something is missing"}, in ${Math.round((Date.now() - started) / 1000)} s.`);
    if (options.keep) {
      narrator.say(addresses(await opening));
      await interrupted;
      return 130;
    }
    return done ? 0 : 1;
  } finally {
    await (await opening).close();
    if (options.keep) process.stdout.write("\n  All servers are closed.\n");
  }
}

/** Ctrl-C, a request to end, or a reader that has gone. A second Ctrl-C does not wait for anything. */
function interruption(): Promise<"interrupted"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        process.once("SIGINT", () => process.exit(130));
        resolve("interrupted");
      });
    }
    process.stdout.on("error", () => resolve("interrupted"));
  });
}

function addresses({ github, cluster, appUrl, model, shops }: Stage): string {
  return [
    "",
    "The servers stay up until Ctrl-C:",
    `  App      ${appUrl ? `${appUrl}/readyz` : "is stopped"}`,
    `  GitHub   ${github.url}/repos/${shops.profile.repository.fullName}/pulls/1`,
    `  Cluster  KUBECONFIG=${cluster.kubeconfig}`,
    `  Model    ${model.url}`,
  ].join("\n");
}

const code = await main();
process.stdout.write("", () => process.exit(code));
