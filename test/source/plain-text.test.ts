import { describe, expect, test } from "vitest";
import { editedAsYaml, editText, textValue } from "../../src/source/edit/plain-text.ts";
import { readInputs } from "../../src/source/input-documents.ts";
import { ManifestReader } from "../../src/source/render/manifests.ts";
import { treeOf } from "./tree.ts";

const ENV = "\uFEFFA=1\r\n# B=0\r\n  B = x\r\nC=a=b#c\r\nD=\r\n";

function edited(file: string, text: string, ...edits: { path: string[]; within?: string[]; value?: string | number }[]): string {
  const outcome = editText(
    file,
    text,
    edits.map((edit) => ({ document: 0, value: undefined, ...edit })),
  );
  return outcome.kind === "edited" ? outcome.text : `${outcome.code}: ${outcome.message}`;
}

describe("files of KEY=value lines", () => {
  test("are read as kustomize reads them", () => {
    expect(textValue("x.env", ENV, "pairs")).toEqual({ A: "1", C: "a=b#c", D: "" });
  });

  test("keep every other byte", () => {
    expect(edited("x.env", ENV, { path: ["C"], value: "z" })).toBe(ENV.replace("C=a=b#c", "C=z"));
    expect(edited("x.env", ENV, { path: ["D"], value: "$& $1" })).toBe(ENV.replace("D=\r", () => "D=$& $1\r"));
    expect(edited("x.env", ENV, { path: ["A"] })).toBe(ENV.replace("\uFEFFA=1\r\n", ""));
    expect(edited("x.env", ENV, { path: ["E"], value: 5 })).toBe(`${ENV}E=5\r\n`);
    expect(edited("x.env", "A=1", { path: ["E"], value: "5" })).toBe("A=1\nE=5\n");
  });

  test("refuse what is no line", () => {
    expect(edited("x.env", ENV, { path: ["A"], value: "two\nlines" })).toMatch(/^unsupported: /);
    expect(edited("x.env", ENV, { path: ["A B"], value: "1" })).toMatch(/^unsupported: /);
    expect(edited("x.env", ENV, { path: ["Z"] })).toMatch(/^not-found: /);
    expect(edited("x.env", "A=1\nA=2\n", { path: ["A"], value: "3" })).toMatch(/^unsupported: /);
  });
});

test("any other text is one value under the file's name, and YAML in it is edited as YAML", () => {
  expect(edited("conf/web.conf", "a\nb\n", { path: ["web.conf"], value: "a\nc\n" })).toBe("a\nc\n");
  expect(edited("conf/web.conf", "a: 1 # one\nb: 2\n", { path: ["web.conf"], within: ["a"], value: 3 })).toBe("a: 3 # one\nb: 2\n");
  expect(edited("conf/web.conf", "a\n", { path: ["web.conf"], value: 3 })).toMatch(/^unsupported: /);
  expect(editedAsYaml({ "web.conf": "a\nb\n" }, [{ path: ["web.conf"], value: "a\nc\n" }])).toBe("web.conf: |\n  a\n  c\n");
});

test("what a Secret is made of is no document, or a secret one", async () => {
  const kustomization = `configMapGenerator:
- name: settings
  envs: [settings.env, both.env]
  files: [logo.png, app.yaml]
secretGenerator:
- name: keys
  envs: [keys.env, both.env]
  files: [credentials.yaml, id=key.pem]
`;
  const files = {
    "kustomization.yaml": kustomization,
    "settings.env": "A=1\n",
    "both.env": "B=1\n",
    "keys.env": "PASSWORD=hunter2\n",
    "key.pem": "-----BEGIN\n",
    "app.yaml": "a: 1\n",
    "credentials.yaml": "password: hunter2\n",
    "logo.png": new Uint8Array([0x89, 0xff, 0xfe]),
  };
  const documents = await readInputs(treeOf(files), Object.keys(files), new ManifestReader());
  expect(documents.map(({ file, secret, format }) => `${file}${secret ? " secret" : ""}${format ? ` ${format}` : ""}`)).toEqual([
    "kustomization.yaml",
    "app.yaml",
    "credentials.yaml secret",
    "settings.env pairs",
  ]);
});
