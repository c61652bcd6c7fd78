/** Last words of a name behind which a secret stands: `DB_PASSWORD`, `clientSecret`, `x-api-key`. */
const LAST_WORDS = new Set([
  "pass",
  "password",
  "passwd",
  "passwords",
  "pwd",
  "passphrase",
  "secret",
  "token",
  "apikey",
  "authtoken",
  "accesskey",
  "secretkey",
  "privatekey",
]);
/** Words written together with others in capitals: `PGPASSWORD`, `MYSQLPASSWORD`. */
const ENDINGS = /(?:password|passwd|passphrase|apikey|authtoken|secretkey)$/;
const LAST_PAIRS = new Set([
  "api key",
  "access key",
  "secret key",
  "private key",
  "encryption key",
  "signing key",
  "master key",
  "account key",
  "shared key",
  "auth key",
  "jwt key",
  "deploy key",
  "license key",
  "connection string",
]);
/** Names of Secret objects, not their values: `existingSecret: db`, `imagePullSecret: regcred`. */
const NAMING = new Set(["existing", "pull", "tls", "create", "use", "enable", "mount", "account"]);
/** Names behind which only a random-looking value is a secret. */
const DOUBTFUL = new Set([
  "key",
  "auth",
  "credential",
  "credentials",
  "session",
  "sessionid",
  "sid",
  "signature",
  "sig",
  "salt",
  "seed",
  "cert",
  "code",
  "hmac",
  "dsn",
  "bearer",
]);

function wordsOf(name: string): string[] {
  return name
    .slice(-100)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/\d{1,4}$/, ""))
    .filter((word) => word !== "");
}

/** Whether a field, variable or flag of this name holds a secret: `DB_PASSWORD` does, `secretName`, `TOKEN_URL` and `passwordFile` do not. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  if (last === "secret" && NAMING.has(before)) return false;
  return LAST_WORDS.has(last) || ENDINGS.test(last) || LAST_PAIRS.has(`${before} ${last}`);
}

/** Whether a random-looking value under this name is a secret. */
export function isDoubtfulName(name: string): boolean {
  return DOUBTFUL.has(wordsOf(name).at(-1) ?? "");
}

/** Twenty characters or more without a word in them: mixed cases and digits as in keys, or long hexadecimal. */
export function looksRandom(value: string): boolean {
  if (value.length < 20 || !/^[\w+/=-]+$/.test(value)) return false;
  if (/^[0-9a-f]{32,}$/i.test(value)) return true;
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value) && entropy(value) >= 3.5;
}

/** Shannon entropy in bits a character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** Values that stand where a secret would and are none: empty, switches, references, placeholders, our own marks. */
export function isHarmless(value: string): boolean {
  return (
    value === "" ||
    /^(?:true|false|null|nil|none|yes|no|\d{1,4}|\*{3,}|x{3,}|<[^<>]{0,60}>|\[redacted.*|\$|\$[{(].*|\$\w+|\{\{.*|(?:ref\+|ENC\[|vault:|secretref:).*)$/i.test(
      value,
    )
  );
}
