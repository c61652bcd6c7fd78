import { application, CHART, deployment, fluxKustomization, kustomization, type Place, service } from "./manifests.ts";

/** One delivery as a team has it, the commit that will break it, and the one line that is right. */
export interface Shop {
  /** What the test proves with it. */
  title: string;
  /** The beginning of its name in a run. */
  name: string;
  tool: "argocd" | "flux";
  files(place: Place): Record<string, string>;
  delivery(place: Place): object[];
  /** One commit to one file: `good` becomes `bad`, and `innocent` changes as well, which a fix must leave as it is now. */
  breaks: { subject: string; path: string; good: string; bad: string; innocent: [string, string] };
  /** What a container then shows as the reason why it waits, or ended. */
  shows: string;
  /** Waiting cannot mend it, so the App need not wait before it acts. */
  decided?: true;
}

const RELEASE: [string, string] = ['release: "41"', 'release: "42"'];

export const SHOPS: readonly Shop[] = [
  {
    title: "Argo CD Application, plain directory: an image tag that does not exist",
    name: "checkout",
    tool: "argocd",
    files: () => ({ "deploy/deployment.yaml": deployment("checkout", "acme/checkout:1.4.1"), "deploy/service.yaml": service("checkout") }),
    delivery: (place) => application(place, { path: "deploy" }),
    breaks: { subject: "Release checkout 1.4.7", path: "deploy/deployment.yaml", good: "checkout:1.4.1", bad: "checkout:1.4.7", innocent: RELEASE },
    shows: "ImagePullBackOff",
  },
  {
    title: "Flux Kustomization, plain directory: too little memory",
    name: "search",
    tool: "flux",
    files: () => ({
      "deploy/deployment.yaml": deployment("search", "acme/catalog:1.4.1", {
        memory: "256Mi",
        more: '        env:\n        - {name: CACHE_MB, value: "150"}\n',
      }),
      "deploy/service.yaml": service("search"),
    }),
    delivery: (place) => fluxKustomization(place, "./deploy"),
    breaks: { subject: "Save memory", path: "deploy/deployment.yaml", good: "limits: {memory: 256Mi}", bad: "limits: {memory: 96Mi}", innocent: RELEASE },
    shows: "OOMKilled",
  },
  {
    title: "Argo CD Application, Kustomize overlay with images: a tag that does not exist",
    name: "listing",
    tool: "argocd",
    files: () => ({
      "base/deployment.yaml": deployment("listing", "acme/catalog"),
      "base/service.yaml": service("listing"),
      "base/kustomization.yaml": kustomization(["deployment.yaml", "service.yaml"]),
      "overlays/prod/kustomization.yaml": kustomization(
        ["../../base"],
        'images:\n- name: acme/catalog\n  newTag: 1.4.1 # what prod runs\ncommonAnnotations:\n  example.com/release: "41"\n',
      ),
    }),
    delivery: (place) => application(place, { path: "overlays/prod" }),
    breaks: { subject: "Catalog 1.4.9", path: "overlays/prod/kustomization.yaml", good: "newTag: 1.4.1 #", bad: "newTag: 1.4.9 #", innocent: RELEASE },
    shows: "ImagePullBackOff",
  },
  {
    title: "Flux Kustomization, overlay with patch and substitution: a key that the ConfigMap does not have",
    name: "pricing",
    tool: "flux",
    files: () => ({
      "base/deployment.yaml": deployment("pricing", "acme/checkout:1.4.2"),
      "base/service.yaml": service("pricing"),
      "base/rates.yaml": 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: rates\ndata:\n  base-currency: "EUR"\n  rounding: "2"\n',
      "base/kustomization.yaml": kustomization(["deployment.yaml", "service.yaml", "rates.yaml"]),
      "overlays/prod/kustomization.yaml": kustomization(["../../base"], "patches:\n- path: currency.yaml\n"),
      "overlays/prod/currency.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: pricing
  annotations:
    example.com/release: "41"
spec:
  template:
    spec:
      containers:
      - name: shop
        env:
        - name: REGION
          value: "\${region}" # set where the overlay is delivered
        - name: CURRENCY
          valueFrom:
            configMapKeyRef: {name: rates, key: base-currency}
`,
    }),
    delivery: (place) => fluxKustomization(place, "./overlays/prod", { postBuild: { substitute: { region: "eu-west-1" } } }),
    breaks: { subject: "Camel-case keys", path: "overlays/prod/currency.yaml", good: "key: base-currency", bad: "key: baseCurrency", innocent: RELEASE },
    shows: "CreateContainerConfigError",
    decided: true,
  },
  {
    title: "Argo CD Application, chart with two value files: a liveness path that is not served",
    name: "gateway",
    tool: "argocd",
    files: () => ({
      ...CHART,
      "env/common.yaml": "image:\n  tag: 1.4.1\nprobes:\n  liveness: /healthz\n",
      "env/prod.yaml": '# production\nreplicas: 2\nprobes:\n  liveness: /healthz # the load balancer asks too\nenv:\n  release: "41"\n',
    }),
    delivery: (place) => application(place, { path: "chart", helm: { valueFiles: ["../env/common.yaml", "../env/prod.yaml"] } }),
    breaks: { subject: "Use the new health endpoint", path: "env/prod.yaml", good: "liveness: /healthz", bad: "liveness: /health", innocent: RELEASE },
    shows: "CrashLoopBackOff",
  },
  {
    title: "Flux HelmRelease, manifest and chart in the repository: an image tag that does not exist",
    name: "vault",
    tool: "flux",
    files: (place) => ({
      ...CHART,
      "releases/vault.yaml": `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: vault
spec:
  interval: 20s
  timeout: 30s
  chart:
    spec:
      chart: ./chart
      reconcileStrategy: Revision
      sourceRef: {kind: GitRepository, name: ${place.name}, namespace: ${place.name}}
  install:
    remediation: {retries: 1}
  upgrade:
    remediation: {retries: 1, strategy: rollback}
  values:
    image:
      tag: 1.4.1   # released
    env:
      release: "41"
`,
    }),
    delivery: (place) => fluxKustomization(place, "./releases"),
    breaks: { subject: "Release 1.6.0", path: "releases/vault.yaml", good: "tag: 1.4.1", bad: "tag: 1.6.0", innocent: RELEASE },
    shows: "ImagePullBackOff",
  },
];
