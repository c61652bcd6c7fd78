import { afterEach, expect, test } from "vitest";
import { fetchRenderers } from "../standins/renderers.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type World } from "../world/world.ts";

const fetched = await fetchRenderers();
if (fetched.kind === "unavailable") console.error(`Bodies that need kustomize or helm are skipped: ${fetched.reason}`);
const withRenderers = test.skipIf(fetched.kind === "unavailable");

let world: World | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** A collapsed section of the first pull request's body, by the start of its summary. */
async function sectionOf(id: string, summary: string): Promise<string> {
  world = await startWorld(loadRecording(id));
  await world.ending(({ ending }) => ending.kind === "proposed");
  const { body } = await world.repository.pull(1);
  const start = (body ?? "").indexOf(`<details>\n<summary><b>${summary}`);
  return start < 0 ? "" : (body ?? "").slice(start, (body ?? "").indexOf("</details>", start));
}

withRenderers("a change of a chart's values shows what becomes of the rendered objects", async () => {
  expect(await sectionOf("shop-08", "Rendered diff")).toMatchInlineSnapshot(`
    "<details>
    <summary><b>Rendered diff</b>: what changes in the cluster</summary>

    \`\`\`diff
    --- a/Deployment/shop-08
    +++ b/Deployment/shop-08
    @@ -25,7 +25,7 @@
                   memory: 128Mi
               livenessProbe:
                 httpGet:
    -              path: /health
    +              path: /healthz
                   port: http
                 periodSeconds: 5
                 failureThreshold: 2
    \`\`\`

    "
  `);
});

withRenderers("a change in an overlay shows what becomes of the rendered objects", async () => {
  expect(await sectionOf("shop-04", "Rendered diff")).toMatchInlineSnapshot(`
    "<details>
    <summary><b>Rendered diff</b>: what changes in the cluster</summary>

    \`\`\`diff
    --- a/Deployment/search
    +++ b/Deployment/search
    @@ -38,7 +38,7 @@
                 periodSeconds: 3
               resources:
                 limits:
    -              memory: 96Mi
    +              memory: 256Mi
                 requests:
                   cpu: 20m
                   memory: 32Mi
    \`\`\`

    "
  `);
});

test("a change of a whole manifest needs no second diff", async () => {
  expect(await sectionOf("shop-01", "Rendered diff")).toBe("");
});
