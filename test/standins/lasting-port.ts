import { once } from "node:events";
import { createServer } from "node:net";

/** The kernel hands out ports from 32768 on (Linux; 49152 elsewhere) to whoever asks for any: one below stays free while its owner is away. */
const [FIRST, LAST] = [20_000, 32_000];

/** A port on 127.0.0.1 for a server that stops and comes back under the same address, as an App does for GitHub. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    await new Promise((done) => probe.close(done));
    if (isFree) return port;
  }
}
