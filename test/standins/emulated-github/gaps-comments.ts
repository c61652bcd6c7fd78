import { isObject, type Json, textAt } from "../../../src/cluster/objects.ts";
import { type Gap, repositoryPath } from "../github/exchange.ts";

/**
 * The emulator writes a new comment twice, so that its `updated_at` is now and then a millisecond after its `created_at`: as if somebody had edited it.
 * GitHub gives both the same time until somebody does.
 */
export function commentTimes(): Gap {
  const edited = new Set<string>();
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const result = await next(exchange);
    const id = /^issues\/comments\/(\d+)$/.exec(place?.rest ?? "")?.[1];
    if (exchange.method === "PATCH" && id !== undefined && result.status === 200) edited.add(id);
    return /^issues\/(?:comments|\d+\/comments)\b/.test(place?.rest ?? "") ? { ...result, body: timed(result.body, edited) } : result;
  };
}

function timed(body: Json | undefined, edited: ReadonlySet<string>): Json | undefined {
  if (Array.isArray(body)) return body.map((item) => timed(item, edited) ?? null);
  if (!isObject(body) || !textAt(body, "html_url").includes("#issuecomment-") || edited.has(String(body.id))) return body;
  return { ...body, updated_at: body.created_at ?? null };
}
