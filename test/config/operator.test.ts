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
      bounds: { minimumConfidence: 0.6, memoryFactor: 4, maxMemoryGi: 64, cpuFactor: 4, maxCpu: 16, probeSeconds: 600, deadlineFactor: 4 },
      caps: { open: 10, perHour: 10 },
      soakSeconds: 60,
      windowScale: 1,
      concurrency: 4,
      clusters: new Map(),
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
    expect(parseOperatorConfig({ OPENAI_API_KEY: "sk-1", OPENAI_MODEL: "m" }).model).toEqual({
      name: "m",
      endpoint: { provider: "openai", apiKey: "sk-1" },
      seconds: 120,
      promptTokens: 24_000,
      answerTokens: 8000,
      tokensPerIncident: 120_000,
      tokensPerDay: 2_000_000,
    });
    expect(parseOperatorConfig({ AUTOFIX_MODEL_PROVIDER: "azure", AWS_REGION: "eu-central-1" }).model).toBeUndefined();
  });

  it("asks it where the provider is", () => {
    const endpoint = (environment: Environment) => parseOperatorConfig({ OPENAI_MODEL: "m", ...environment }).model?.endpoint;
    const local = "http://localhost:11434/v1";
    expect(endpoint({ OPENAI_BASE_URL: local })).toEqual({ provider: "openai", apiKey: "none", baseUrl: local });
    const azure = { AZURE_OPENAI_ENDPOINT: "https://acme.openai.azure.com", AZURE_OPENAI_API_KEY: "k", OPENAI_API_VERSION: "2024-10-21" };
    expect(endpoint({ AUTOFIX_MODEL_PROVIDER: "azure", ...azure })).toEqual({
      provider: "azure",
      apiKey: "k",
      endpoint: "https://acme.openai.azure.com",
      apiVersion: "2024-10-21",
    });
    const bedrock = { AWS_BEARER_TOKEN_BEDROCK: "k", AWS_REGION: "eu-central-1" };
    expect(endpoint({ AUTOFIX_MODEL_PROVIDER: "bedrock", ...bedrock })).toEqual({ provider: "bedrock", apiKey: "k", region: "eu-central-1" });
  });

  it("says what the model's provider needs", () => {
    const missing = (environment: Environment) => refusal(() => parseOperatorConfig(environment));
    expect([
      missing({ AUTOFIX_ENGINE: "model" }),
      missing({ OPENAI_MODEL: "m" }),
      missing({ OPENAI_MODEL: "m", AUTOFIX_MODEL_PROVIDER: "azure", AZURE_OPENAI_ENDPOINT: "https://acme.openai.azure.com" }),
      missing({ OPENAI_MODEL: "m", AUTOFIX_MODEL_PROVIDER: "bedrock", OPENAI_API_KEY: "k" }),
    ]).toMatchInlineSnapshot(`
      [
        {
          "code": "config/missing",
          "message": "This configuration does not work:
        - OPENAI_MODEL is missing, which AUTOFIX_ENGINE=model needs: set it to the model's name as the endpoint knows it; for Azure the name of the deployment.",
        },
        {
          "code": "config/missing",
          "message": "This configuration does not work:
        - OPENAI_API_KEY is missing, which OPENAI_MODEL needs: set it to the key that the endpoint's operator gave, or OPENAI_BASE_URL to an address such as http://localhost:11434/v1.",
        },
        {
          "code": "config/missing",
          "message": "This configuration does not work:
        - AZURE_OPENAI_API_KEY is missing, which AUTOFIX_MODEL_PROVIDER=azure needs: set it to one of the two keys that the Azure portal shows.
        - OPENAI_API_VERSION is missing, which AUTOFIX_MODEL_PROVIDER=azure needs: set it to a version such as 2024-10-21.",
        },
        {
          "code": "config/missing",
          "message": "This configuration does not work:
        - AWS_BEARER_TOKEN_BEDROCK is missing, which AUTOFIX_MODEL_PROVIDER=bedrock needs: set it to the key that the Bedrock console gave.
        - AWS_REGION is missing, which AUTOFIX_MODEL_PROVIDER=bedrock needs: set it to a region such as eu-central-1, or AWS_BEDROCK_BASE_URL to an address such as https://bedrock-mantle.eu-central-1.api.aws/openai/v1.",
        },
      ]
    `);
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
