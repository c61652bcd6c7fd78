import type { TextCase } from "../guards/text-delivery.ts";

const TEMPLATE = "prod/templates/shop.yaml";
const VALUES = "prod/values.yaml";
const CHART = "prod/Chart.yaml";
const LIST = "prod/kustomization.yaml";

const deployment = (container: string, name = "shop") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: ${name}\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: shop\n${container}`;
const image = '          image: "acme/shop:{{ .Values.tag }}"\n';
const chart = (container: string, values: string, more: Record<string, string> = {}) => ({
  [CHART]: 'apiVersion: v2\nname: shop\nversion: 0.1.0\nappVersion: "1.4.1"\n',
  [VALUES]: values,
  [TEMPLATE]: deployment(container),
  ...more,
});
const kustomized = (list: string, container: string, more: Record<string, string> = {}) => ({ [LIST]: list, "prod/shop.yaml": deployment(container), ...more });
const PLAIN = "          image: acme/shop:1.4.1\n";
const RESOURCES = "resources:\n  - shop.yaml\n";

const ingress = (version: string) =>
  `apiVersion: networking.k8s.io/${version}\nkind: Ingress\nmetadata:\n  name: shop\nspec:\n  rules:\n    - host: shop.example.com\n      http:\n        paths:\n          - path: /\n            backend:\n              serviceName: shop\n              servicePort: 80\n`;
const SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\nspec:\n  selector:\n    app: shop\n  ports:\n    - port: 80\n";

const needs = (key: string) => `${image}          resources:\n            {{- toYaml .Values.resources | ${key} }}\n`;
const sleeping = `${image}          {{- if .Values.locale }}\n          env:\n            - name: LOCALE\n              value: {{ .Values.locale }\n          {{- end }}\n`;
const versioned = (version: string) => ({
  ...chart('          image: "acme/shop:{{ .Chart.AppVersion }}"\n', "tag: 1.4.1\n"),
  [CHART]: `apiVersion: v2\nname: shop\nversion: 0.1.0\nappVersion: ${version}\n`,
});
const stray = (name: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n          env:\n            - name: MODE\n              value: live\n`;
const PATCHED = `${RESOURCES}patches:\n  - path: patch.yaml\n`;

const ENV_FROM = `${PLAIN}          envFrom:\n            - configMapRef:\n                name: settings\n`;
const OPERATION =
  "      - op: add\n        path: /spec/template/spec/containers/0/env\n        value: [{name: DATABASE_URL, value: postgres://db/shop}, {name: MODE, value: live}]\n";
/** A patch in production that is for the Deployment of this name. */
const targeted = (name: string, more = "LOCALE=de") =>
  kustomized(
    `${RESOURCES}configMapGenerator:\n  - name: words\n    literals: [${more}]\npatches:\n  - target: {kind: Deployment, name: ${name}}\n    patch: |-\n${OPERATION}`,
    PLAIN,
  );
/** A ConfigMap of the base, and what production makes of it. */
const generated = (behavior: string) => ({
  [LIST]: `resources:\n  - ../base\nconfigMapGenerator:\n  - name: settings\n    behavior: ${behavior}\n    literals: [LOCALE=fr, SHOP=shop-1]\n`,
  "base/kustomization.yaml": `${RESOURCES}configMapGenerator:\n  - name: settings\n    literals: [LOCALE=de, DATABASE_URL=postgres://db/shop, MODE=live]\n`,
  "base/shop.yaml": deployment(ENV_FROM),
});
/** Production with a component that brings a ConfigMap, and what reads it. */
const component = (listed: string) => ({
  ...kustomized(`${listed}${RESOURCES}commonAnnotations: {shop: "1"}\n`, PLAIN),
  "traced/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nconfigMapGenerator:\n  - name: traced\n    literals: [DATABASE_URL=postgres://db/shop]\npatches:\n  - target: {kind: Deployment}\n    patch: |-\n      - op: add\n        path: /spec/template/spec/containers/0/envFrom\n        value: [{configMapRef: {name: traced}}]\n`,
});

/** Right repairs of text, as files. */
export const TEXTS: readonly TextCase[] = [
  {
    name: "an Ingress in the version that succeeds its own",
    good: { "prod/shop.yaml": deployment(PLAIN), "prod/service.yaml": SERVICE },
    now: { "prod/shop.yaml": deployment(PLAIN), "prod/service.yaml": SERVICE, "prod/ingress.yaml": ingress("v1beta1") },
    failureClass: "invalid-manifest",
    target: { group: "networking.k8s.io", kind: "Ingress" },
    says: 'no matches for kind "Ingress" in version "networking.k8s.io/v1beta1"',
    fix: [
      ["prod/ingress.yaml", "v1beta1", "v1"],
      [
        "prod/ingress.yaml",
        "            backend:\n              serviceName: shop\n              servicePort: 80\n",
        "            backend:\n              service:\n                name: shop\n                port:\n                  number: 80\n            pathType: ImplementationSpecific\n",
      ],
    ],
  },
  {
    name: "a block as deep as it stands",
    good: chart(image, "tag: 1.4.1\n"),
    now: chart(needs("indent 12"), "tag: 1.4.2\nresources:\n  limits:\n    memory: 64Mi\n"),
    failureClass: "render-failed",
    fix: [[TEMPLATE, "| indent 12", "| nindent 12"]],
  },
  {
    name: "a slip that slept until a value was set",
    good: chart(sleeping.replace(".Values.locale }\n", ".Values.locale }}\n"), "tag: 1.4.1\n"),
    now: chart(sleeping, "tag: 1.4.2\nlocale: de\n"),
    failureClass: "render-failed",
    fix: [[TEMPLATE, "{{ .Values.locale }\n", "{{ .Values.locale }}\n"]],
  },
  {
    name: "a chart's version that YAML reads as a number",
    good: versioned("1.9"),
    now: versioned("1.10"),
    failureClass: "image-not-found",
    container: "shop",
    says: 'Failed to pull image "acme/shop:1.1": acme/shop:1.1: not found',
    fix: [[CHART, "appVersion: 1.10", 'appVersion: "1.10"']],
  },
  {
    name: "two lists of one name",
    good: kustomized(RESOURCES, PLAIN),
    now: kustomized(
      RESOURCES,
      `${PLAIN}          env:\n            - name: A\n              value: "1"\n          env:\n            - name: B\n              value: "2"\n`,
    ),
    failureClass: "render-failed",
    fix: [["prod/shop.yaml", "          env:\n            - name: B\n", "            - name: B\n"]],
  },
  {
    name: "a patch for a container that has another name",
    good: kustomized(PATCHED, PLAIN, { "prod/patch.yaml": stray("shop") }),
    now: kustomized(PATCHED, PLAIN, { "prod/patch.yaml": stray("store") }),
    failureClass: "invalid-manifest",
    says: 'Deployment.apps "shop" is invalid: spec.template.spec.containers[1].image: Required value',
    fix: [["prod/patch.yaml", "name: store", "name: shop"]],
  },
  {
    name: "a patch that is for its object again",
    good: targeted("shop"),
    now: targeted("shops", "LOCALE=fr"),
    failureClass: "crash-on-start",
    container: "shop",
    says: "CrashLoopBackOff, exit code 1: required variable DATABASE_URL is not set",
    fix: [[LIST, "name: shops", "name: shop"]],
  },
  {
    name: "a generator that is merged again",
    good: generated("merge"),
    now: generated("replace"),
    failureClass: "crash-on-start",
    container: "shop",
    says: "CrashLoopBackOff, exit code 1: required variable DATABASE_URL is not set",
    fix: [[LIST, "behavior: replace", "behavior: merge"]],
  },
  {
    name: "a component that is listed again",
    good: component("components:\n  - ../traced\n"),
    now: component(""),
    failureClass: "crash-on-start",
    container: "shop",
    says: "CrashLoopBackOff, exit code 1: required variable DATABASE_URL is not set",
    fix: [[LIST, "resources:\n", "components:\n  - ../traced\nresources:\n"]],
  },
];
