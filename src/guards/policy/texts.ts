import type { Environment } from "@marcbachmann/cel-js";

const LONGEST = 100_000;

/** CEL's patterns are RE2's, which has no look-around and no back references; JavaScript's own are taken as they are, and the time bound holds. */
function pattern(text: string, flags = ""): RegExp {
  return new RegExp(text, `u${flags}`);
}

function replace(text: string, from: string, to: string, most = -1n): string {
  const parts = text.split(from);
  const count = most < 0n ? parts.length - 1 : Math.min(Number(most), parts.length - 1);
  if (text.length + count * to.length > LONGEST) throw new RangeError("the text gets too long");
  return [parts.slice(0, count + 1).join(to), ...parts.slice(count + 1)].join(from);
}

/** A parsed address (CEL's `url(…)`). */
class Address {
  readonly url: URL;
  constructor(url: URL) {
    this.url = url;
  }
}

/** Source: Kubernetes, CEL regex and URL libraries; cel-go, ext.Strings. */
export function registerTexts(environment: Environment): void {
  environment
    .registerFunction("string.find(string): string", (text: string, wanted: string) => pattern(wanted).exec(text)?.[0] ?? "")
    .registerFunction("string.findAll(string): list<string>", (text: string, wanted: string) => text.match(pattern(wanted, "g")) ?? [])
    .registerFunction("string.findAll(string, int): list<string>", (text: string, wanted: string, most: bigint) => {
      const all = text.match(pattern(wanted, "g")) ?? [];
      return most < 0n ? all : all.slice(0, Number(most));
    })
    .registerFunction("string.charAt(int): string", (text: string, at: bigint) => {
      if (at < 0n || at > BigInt(text.length)) throw new RangeError("there is no character at this position");
      return text.charAt(Number(at));
    })
    .registerFunction("string.replace(string, string): string", (text: string, from: string, to: string) => replace(text, from, to))
    .registerFunction("string.replace(string, string, int): string", replace)
    .registerFunction("string.reverse(): string", (text: string) => [...text].reverse().join(""))
    .registerType("Address", { ctor: Address, fields: {} })
    .registerFunction("url(string): Address", (text: string) => new Address(new URL(text)))
    .registerFunction("isURL(string): bool", (text: string) => URL.canParse(text))
    .registerFunction("Address.getScheme(): string", ({ url }: Address) => url.protocol.replace(/:$/, ""))
    .registerFunction("Address.getHost(): string", ({ url }: Address) => url.host)
    .registerFunction("Address.getHostname(): string", ({ url }: Address) => url.hostname)
    .registerFunction("Address.getPort(): string", ({ url }: Address) => url.port)
    .registerFunction("Address.getEscapedPath(): string", ({ url }: Address) => url.pathname);
}
