import { describe, expect, it } from "vitest";
import { type Environment, parseAppConfig, parseOperatorConfig } from "../../src/config/operator.ts";
import { AutofixError } from "../../src/errors.ts";
import { configurationPage } from "./documentation.ts";

const PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----\n";
const working: Environment = { APP_ID: "12345", PRIVATE_KEY: PEM, WEBHOOK_SECRET: "a-long-secret", PATH: "/usr/bin" };

function refusal(parse: () => unknown): { code: string; message: string } {
  try {
    parse();
  } catch (thrown) {
    if (thrown instanceof AutofixError) return { code: thrown.code, message: thrown.message };
    throw thrown;
  }
  throw new Error("It was accepted.");
}

describe("the App's configuration", () => {
  it("needs three variables; everything else has a default", () => {
    expect(parseAppConfig(working)).toEqual({
      appId: 12345,
      privateKey: { kind: "text", pem: PEM.trim() },
      webhookSecret: "a-long-secret",
      github: { apiUrl: "https://api.github.com", host: "github.com" },
      server: { host: "0.0.0.0", port: 3000 },
      logLevel: "info",
      path: "/usr/bin",
      engine: "auto",
      bounds: { minimumConfidence: 0.6, memoryFactor: 4, probeSeconds: 600 },
      soakSeconds: 60,
      windowScale: 1,
      concurrency: 4,
      repositoryAliases: new Map(),
    });
  });

  it("says everything that is missing at once, and what to set", () => {
    expect(refusal(() => parseAppConfig({ WEBHOOK_SECRET: "  " }))).toMatchInlineSnapshot(`
      {
        "code": "config/missing",
        "message": "This configuration does not work:
        - APP_ID is missing: set it to the number that the App's settings page shows.
        - WEBHOOK_SECRET is missing: set it to the secret of the App's webhook, at least 8 characters, and not "development".
        - PRIVATE_KEY is missing: set it to the PEM text of the App's private key, or PRIVATE_KEY_PATH to the path of the .pem file that GitHub gave.",
      }
    `);
  });

  it("says everything that is wrong at once, without any value: a secret in the wrong variable is an easy mistake", () => {
    const secret = "hunter2-do-not-print";
    const environment = {
      APP_ID: secret,
      PRIVATE_KEY: secret,
      PRIVATE_KEY_PATH: "key.pem",
      WEBHOOK_SECRET: "hunter2",
      GITHUB_API_URL: "git.example.com",
      GHE_HOST: "https://git.example.com",
      PORT: "70000",
      LOG_LEVEL: "loud",
      OPENAI_MODEL: "some-model",
      OPENAI_BASE_URL: `ftp://user:${secret}@example.com`,
      AUTOFIX_ENGINE: "magic",
      AUTOFIX_MIN_CONFIDENCE: "60%",
      AUTOFIX_REPOSITORY_ALIASES: "http://mirror/shop.git",
      AUTOFIX_MIN_CONFIDENSE: "0.7",
    };
    const { code, message } = refusal(() => parseAppConfig(environment));
    expect(message).not.toContain("hunter2");
    expect({ code, message }).toMatchInlineSnapshot(`
      {
        "code": "config/invalid",
        "message": "This configuration does not work:
        - LOG_LEVEL is not valid: set it to one of trace, debug, info, warn, error, fatal, silent.
        - AUTOFIX_ENGINE is not valid: set it to playbook, model or auto.
        - OPENAI_BASE_URL is not valid: set it to an address such as http://localhost:11434/v1.
        - AUTOFIX_MIN_CONFIDENCE is not valid: set it to a number from 0 to 1.
        - AUTOFIX_REPOSITORY_ALIASES is not valid: set it to a list such as http://mirror.example.com/shop.git=acme/shop, separated by commas.
        - APP_ID is not valid: set it to the number that the App's settings page shows.
        - PRIVATE_KEY is not valid: set it to the PEM text of the App's private key; line breaks may be written as \\n, or all of it in base64.
        - WEBHOOK_SECRET is not valid: set it to the secret of the App's webhook, at least 8 characters, and not "development".
        - GITHUB_API_URL is not valid: set it to an address such as https://git.example.com/api/v3.
        - GHE_HOST is not valid: set it to its host name, such as git.example.com.
        - PORT is not valid: set it to a number from 0 to 65535.
        - AUTOFIX_MIN_CONFIDENSE is no setting: unset it, or correct its name (docs/configuration.md lists all).
        - PRIVATE_KEY and PRIVATE_KEY_PATH are both set: unset one of them.
        - GITHUB_API_URL and GHE_HOST are both set: unset one of them.",
      }
    `);
  });

  it("refuses Probot's own default for the webhook's secret", () => {
    expect(refusal(() => parseAppConfig({ ...working, WEBHOOK_SECRET: "development" })).code).toBe("config/invalid");
  });

  it.each([
    ["as it is", PEM],
    ["with line breaks spelled out", PEM.replaceAll("\n", "\\n")],
    ["in base64", Buffer.from(PEM).toString("base64")],
  ])("takes the private key %s", (_, PRIVATE_KEY) => {
    const { privateKey } = parseAppConfig({ ...working, PRIVATE_KEY });
    expect(privateKey.kind === "text" && privateKey.pem.trim()).toBe(PEM.trim());
  });

  it("leaves a key's file to be read by whoever starts the App", () => {
    expect(parseAppConfig({ ...working, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/run/key.pem" }).privateKey).toEqual({ kind: "file", path: "/run/key.pem" });
  });

  it.each([
    [{}, "https://api.github.com", "github.com"],
    [{ GITHUB_API_URL: "https://api.github.com/" }, "https://api.github.com", "github.com"],
    [{ GITHUB_API_URL: "https://api.acme.ghe.com" }, "https://api.acme.ghe.com", "acme.ghe.com"],
    [{ GITHUB_API_URL: "https://git.example.com/api/v3" }, "https://git.example.com/api/v3", "git.example.com"],
    [{ GHE_HOST: "git.example.com:8443" }, "https://git.example.com:8443/api/v3", "git.example.com:8443"],
  ])("knows API and clone host from %o", (environment, apiUrl, host) => {
    expect(parseAppConfig({ ...working, ...environment }).github).toEqual({ apiUrl, host });
  });

  it("reads aliases whose URLs hold an equals sign", () => {
    const AUTOFIX_REPOSITORY_ALIASES = "http://mirror:3099/shop.git=acme/shop, https://x/?repo=web=acme/web.site ,";
    expect([...parseAppConfig({ ...working, AUTOFIX_REPOSITORY_ALIASES }).repositoryAliases]).toEqual([
      ["http://mirror:3099/shop.git", "acme/shop"],
      ["https://x/?repo=web", "acme/web.site"],
    ]);
  });
});

describe("the dry run's configuration", () => {
  it("needs nothing", () => expect(parseOperatorConfig({}).engine).toBe("auto"));

  it("asks a model only where one is named, whatever else is set", () => {
    expect(parseOperatorConfig({ OPENAI_API_KEY: "sk-1" }).model).toBeUndefined();
    expect(parseOperatorConfig({ OPENAI_API_KEY: "sk-1", OPENAI_MODEL: "m" }).model).toEqual({ name: "m", apiKey: "sk-1" });
    const local = { OPENAI_BASE_URL: "http://localhost:11434/v1", OPENAI_MODEL: "m" };
    expect(parseOperatorConfig(local).model).toEqual({ name: "m", apiKey: "none", baseUrl: "http://localhost:11434/v1" });
    expect(refusal(() => parseOperatorConfig({ OPENAI_MODEL: "m" })).code).toBe("config/missing");
    expect(refusal(() => parseOperatorConfig({ AUTOFIX_ENGINE: "model" })).code).toBe("config/missing");
  });

  it("leaves a list of kubeconfigs to the client, which merges them", () => {
    expect(parseOperatorConfig({ KUBECONFIG: "/a/config" }).kubeconfig).toBe("/a/config");
    expect(parseOperatorConfig({ KUBECONFIG: "/a/config:/b/config" }).kubeconfig).toBeUndefined();
  });
});

describe("docs/configuration.md", () => {
  it("is what the schema says", async () => {
    await expect(configurationPage()).toMatchFileSnapshot("../../docs/configuration.md");
  });
});
