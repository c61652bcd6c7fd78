import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";

const REFERENCE = /(?<!\$)\$\(([A-Za-z_]\w{0,100})\)/g;

/**
 * A word of a command with the variables that it refers to under their names of today (`$(NAME)`, Kubernetes API: Container.args): each was set at the last good revision,
 * and the only variable that came has what it had. Undefined where a reference leads nowhere, and that is not so.
 */
export function followedExpansion(then: Json, now: Json, text: string): string | undefined {
  const named = (container: Json) => new Map(listAt(container, "env").map((item) => [textAt(item, "name"), contentOf(item)]));
  const [old, today] = [named(then), named(now)];
  let isClear = true;
  const followed = text.replaceAll(REFERENCE, (reference, name: string) => {
    if (today.has(name)) return reference;
    const [only, ...more] = [...today].filter(([other, content]) => !old.has(other) && sameJson(content, old.get(name)));
    if (!old.has(name) || !only || more.length > 0) isClear = false;
    return only ? `$(${only[0]})` : reference;
  });
  return isClear && followed !== text ? followed : undefined;
}

/** The same for the text of a variable, which sees only those that stand before it in the list (source/meant/expansion.ts). */
export function followedVariable(then: Json, now: Json, name: string): string | undefined {
  const env = listAt(now, "env");
  const at = env.findIndex((item) => textAt(item, "name") === name);
  const text = textAt(env[at], "value");
  const followed = text === "" ? undefined : followedExpansion(then, now, text);
  if (followed === undefined) return undefined;
  const before = new Set(env.slice(0, at).map((item) => textAt(item, "name")));
  return [...followed.matchAll(REFERENCE)].every(([, other = ""]) => before.has(other)) ? followed : undefined;
}

function contentOf(item: Json): Json {
  const { name: _, ...content } = isObject(item) ? item : {};
  return content;
}
