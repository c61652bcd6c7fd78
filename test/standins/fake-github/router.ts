import type { Route } from "./route.ts";

export interface Found<T> {
  route: T;
  params: Record<string, string>;
}

/** Parameters that may hold slashes: branch names and file paths (OpenAPI's `x-multi-segment`). */
const LONG = new Set(["ref", "path", "basehead"]);

/** Finds the operation of a request. Paths with fewer parameters come first, so that `/issues/comments` is no issue's number. */
export function createRouter<T extends Pick<Route, "operation">>(routes: readonly T[]): (method: string, path: string) => Found<T> | undefined {
  const compiled = routes.map((route) => {
    const [method = "", template = ""] = route.operation.split(" ");
    const names = Array.from(template.matchAll(/\{(\w+)\}/g), (match) => match[1] ?? "");
    const pattern = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => (LONG.has(name) ? "(.*)" : "([^/]+)"));
    return { route, method, names, pattern: new RegExp(`^${pattern}$`) };
  });
  const ordered = compiled.toSorted((a, b) => a.names.length - b.names.length || b.pattern.source.length - a.pattern.source.length);
  return (method, path) => {
    for (const { route, method: wanted, names, pattern } of ordered) {
      const match = method === wanted ? pattern.exec(path) : null;
      if (!match) continue;
      return { route, params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? "")])) };
    }
    return undefined;
  };
}
