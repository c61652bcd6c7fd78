/** Where other programs are, or where people find this one, and not where it listens. */
const ELSEWHERE =
  /upstream|target|backend|remote|forward|proxy_|peer|server_host|broker|_host$|public|external|advertis|redirect|(?:^|[^a-z])(?:db|database|postgres|pg|mysql|mongo|redis|cache|amqp|kafka|smtp|mail|ldap|queue)(?:[^a-z]|$)/i;
/** What a setting is called that is a port, or an address with one. */
const LISTENS = /port|listen|addr|bind|entrypoint|urls?$|^-[plb]$/i;
const LOCAL = String.raw`(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::1?\]|::|[*+])`;
/** A number alone, behind an address of the machine itself, or as such an address with its scheme. */
const NUMBER = /^\d{2,5}$/;
const ADDRESS = new RegExp(String.raw`^(?:[a-z][a-z0-9+.]{1,20}:\/\/)?${LOCAL}?:(\d{2,5})(?:\/(?:tcp|udp)?)?$`, "i");

/**
 * The ports on which words tell a program to listen: of `--port 80`, `-b 0.0.0.0:80`, `http://+:80`, `listen [::]:80;`. A number alone is one behind the name of a
 * port, and an address of another machine is none.
 * @param name of the setting, where the words are only its value
 */
export function listeningPorts(words: string, name = ""): number[] {
  const parts = words
    .slice(0, 2000)
    .split(/[\s;,"'=(){}]+/)
    .filter((part) => part !== "");
  return parts.flatMap((part, i) => {
    const called = `${name} ${parts[i - 1] ?? ""}`.trim();
    if (ELSEWHERE.test(called)) return [];
    if (NUMBER.test(part)) return called.split(/[\s:]+/).some((one) => LISTENS.test(one)) ? [Number(part)] : [];
    const [, port] = ADDRESS.exec(part) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
}
