import type { WebHandler } from "./health.ts";

const PATH = "/schema/autofix.json";

/** `GET /schema/autofix.json`: the JSON Schema of `.github/autofix.yml` as this version reads it, for editors; browsers may fetch it from any page. */
export function schemaHandler(schema: object): WebHandler {
  const body = `${JSON.stringify(schema, null, 2)}\n`;
  return (request, response) => {
    if ((request.method !== "GET" && request.method !== "HEAD") || request.url?.split("?", 1)[0] !== PATH) return false;
    response.writeHead(200, { "content-type": "application/schema+json; charset=utf-8", "cache-control": "max-age=3600", "access-control-allow-origin": "*" });
    response.end(request.method === "HEAD" ? undefined : body);
    return true;
  };
}
