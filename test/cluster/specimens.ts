import type { DeliveryKey } from "../../src/cluster/delivery.ts";
import type { JsonObject } from "../../src/cluster/objects.ts";
import { kustomization, type Place } from "./manifests.ts";

/** One delivery in a folder of its own of one repository: nothing of it runs, since only what its tool makes of the files is looked at. */
export interface Specimen {
  title: string;
  name: string;
  kind: DeliveryKey["kind"];
  files: Record<string, string | Uint8Array>;
  /** Files that are links to others. */
  links?: Record<string, string>;
  /** An Application's sources, or a Kustomization's spec beside its source. A HelmRelease is in the files of the Kustomization. */
  spec(place: Place): JsonObject;
}

const map = (name: string, data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}`;

function deployment(name: string, image: string, more = ""): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 0
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: shop
          image: ${image}
${more}`;
}

/** A chart that writes down what it was given. */
function witness(name: string, folder: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    [`${folder}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 0.3.0\nappVersion: "1.4.1"\n`,
    [`${folder}/values.yaml`]: 'image:\n  repository: acme/checkout\n  tag: ""\nlist: [a, b]\nnested: {kept: yes, gone: here}\ntext: default\n',
    [`${folder}/templates/map.yaml`]: `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-${name}
data:
  release: {{ printf "%s in %s, upgrade %v" .Release.Name .Release.Namespace .Release.IsUpgrade | replace "upgrade true" "upgrade false" | quote }}
  kubernetes: {{ .Capabilities.KubeVersion.Version | quote }}
  apis: {{ printf "%v %v %v" (.Capabilities.APIVersions.Has "apps/v1/Deployment") (.Capabilities.APIVersions.Has "argoproj.io/v1alpha1/Application") (.Capabilities.APIVersions.Has "no.such/v1") | quote }}
  values: {{ omit .Values "global" | toJson | quote }}
  global: {{ .Values.global | default dict | toJson | quote }}
`,
    [`${folder}/templates/deployment.yaml`]: deployment(
      `{{ .Release.Name }}-${name}`,
      '"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"',
    ),
    ...more,
  };
}

const argo = (place: Place, source: JsonObject): JsonObject => ({ repoURL: place.url, targetRevision: "main", ...source });

export const SPECIMENS: readonly Specimen[] = [
  {
    title: "Argo CD: a chart with value files, inline values, parameters and the build environment",
    name: "values",
    kind: "Application",
    files: {
      ...witness("a", "values/chart"),
      "values/env/values-x.yaml": "text: from a file\nlist: [c]\nnested: {gone: null}\n",
      "values/note.txt": "a, b\nc\n",
    },
    links: { "values/chart/linked.yaml": "../env/values-x.yaml" },
    spec: (place) => ({
      source: argo(place, {
        path: "values/chart",
        helm: {
          releaseName: "told",
          valueFiles: ["linked.yaml", "/values/env/$ARGOCD_APP_NAME.yaml", "absent.yaml"],
          ignoreMissingValueFiles: true,
          valuesObject: { nested: { more: "$ARGOCD_APP_NAME stays" }, image: { tag: "1.4.2" } },
          parameters: [
            { name: "commas", value: "a,b" },
            { name: "listed", value: "{x,y}" },
            { name: "number", value: "5" },
            { name: "forced", value: "5", forceString: true },
            { name: "app", value: "$ARGOCD_APP_NAME/${ARGOCD_APP_NAMESPACE}/$$x" },
          ],
          fileParameters: [{ name: "note", path: "/values/note.txt" }],
        },
      }),
    }),
  },
  {
    title: "Argo CD: an umbrella chart, a dependency by file:// and an alias with global values",
    name: "umbrella",
    kind: "Application",
    files: {
      ...witness("inner", "umbrella/inner"),
      "umbrella/outer/Chart.yaml":
        "apiVersion: v2\nname: outer\nversion: 1.0.0\ndependencies:\n- {name: inner, alias: first, version: 0.3.0, repository: file://../inner, condition: first.enabled}\n",
      "umbrella/outer/values.yaml": "global: {registry: mirror}\nfirst: {text: from the parent}\n",
    },
    spec: (place) => ({ source: argo(place, { path: "umbrella/outer" }) }),
  },
  {
    // What an Application sets goes through `kustomize edit`, which not every installation has: kubectl's kustomize cannot edit.
    title: "Argo CD: a Kustomize overlay with images, a suffix, generators, and a patch of the Application's own",
    name: "overlay",
    kind: "Application",
    files: {
      "overlay/base/all.yaml": `${deployment("all", "acme/catalog:1.4.0")}---\n${map("plain", "  a: b\n")}`,
      "overlay/base/kustomization.yaml": kustomization(["all.yaml"], "configMapGenerator:\n- name: made\n  literals: [A=1]\n  envs: [made.env]\n"),
      "overlay/base/made.env": "# none\nB=two words\n",
      "overlay/parts/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {part: one}\n",
      "overlay/prod/kustomization.yaml": kustomization(
        ["../base"],
        "components: [../parts]\nimages:\n- {name: acme/catalog, newName: acme/checkout, newTag: 1.4.1}\nnameSuffix: -s\nlabels:\n- pairs: {team: web}\n  includeTemplates: true\n",
      ),
    },
    spec: (place) => ({
      source: argo(place, {
        path: "overlay/prod",
        kustomize: { patches: [{ target: { kind: "ConfigMap", name: "plain" }, patch: "- op: add\n  path: /data/c\n  value: d\n" }] },
      }),
    }),
  },
  {
    title: "Argo CD: two sources of one repository, values lent by a third, the last one winning",
    name: "several",
    kind: "Application",
    files: {
      ...witness("s", "several/chart"),
      "several/lent/values.yaml": "text: lent\n",
      "several/more/map.yaml": `${map("more", "  a: b\n")}---\n${map("several-s", "  a: won\n")}`,
    },
    spec: (place) => ({
      sources: [
        argo(place, { path: "several/chart", helm: { releaseName: "several", valueFiles: ["$lent/several/lent/values.yaml"] } }),
        argo(place, { ref: "lent" }),
        argo(place, { path: "several/more" }),
      ],
    }),
  },
  {
    title: "Argo CD: a directory with include and exclude, Lists and documents of comments",
    name: "directory",
    kind: "Application",
    files: {
      "directory/in/a.yaml": `# only this\n---\n${map("a", '  x: "1"\n')}---\n`,
      "directory/in/deep/list.yml": `apiVersion: v1\nkind: List\nitems:\n- ${map("b", "  y: z\n").replaceAll("\n", "\n  ").trimEnd()}\n`,
      "directory/in/out.yaml": map("out", "  x: y\n"),
      "directory/in/notes.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"n": "0644"}}\n',
      "directory/in/values.yaml": "# +argocd:skip-file-rendering\nno: object\n",
    },
    spec: (place) => ({ source: argo(place, { path: "directory", directory: { recurse: true, include: "*in/*", exclude: "*out.yaml" } }) }),
  },
  {
    title: "Flux: a folder without a kustomization, with everything that a Kustomization can add",
    name: "plain",
    kind: "Kustomization",
    files: {
      "plain/apps/all.yaml": `${deployment("all", "acme/catalog:1.4.0").replace("  replicas: 0\n", "  replicas: 0\n  minReadySeconds: ${number}\n")}---\n${map(
        "vars",
        '  a: ${who}\n  b: "$${kept} ${who:-nobody}"\n  c: ${unset:=fallback}\n  e: ${who^^} ${who:1:2}\n',
      )}`,
      "plain/apps/deep/kustomization.yaml": kustomization(["x.yaml"], "configMapGenerator:\n- name: made\n  files: [x.txt]\n"),
      "plain/apps/deep/x.yaml": map("x", "  x: ${who}\n"),
      "plain/apps/deep/x.txt": "x\n",
      "plain/apps/off.yaml": map("off", "  a: ${who}\n").replace(
        "  name: off\n",
        "  name: off\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\n",
      ),
      "plain/parts/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {part: one}\n",
    },
    spec: () => ({
      path: "./plain/apps",
      postBuild: { substitute: { who: "world", number: "5" } },
      namePrefix: "p-",
      nameSuffix: "-s",
      commonMetadata: { labels: { team: "web" }, annotations: { owner: "web" } },
      components: ["../parts"],
      images: [{ name: "acme/catalog", newName: "acme/checkout", newTag: "1.4.2" }],
      patches: [{ target: { kind: "ConfigMap", name: "x" }, patch: "- op: add\n  path: /data/y\n  value: ${who}\n" }],
    }),
  },
  {
    title: "Flux: a HelmRelease with all the ways to give it values, a chart of two value files, and post-renderers",
    name: "release",
    kind: "HelmRelease",
    files: {
      ...witness("r", "release/chart", { "release/chart/values-more.yaml": "text: more\nlist: [m]\n" }),
      "release/apps/values.yaml": `${map("one", "  values.yaml: |\n    text: one\n    nested: {one: 1}\n  tag: 1.4.2\n")}---\n${map("two", "  other: |\n    nested: {one: 2, two: 2}\n")}`,
      "release/apps/release.yaml": `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: release
spec:
  interval: 1m
  releaseName: given
  chart:
    spec:
      chart: ./release/chart
      reconcileStrategy: Revision
      valuesFiles: [./release/chart/values.yaml, ./release/chart/values-more.yaml]
      sourceRef: {kind: GitRepository, name: REPOSITORY}
  valuesFrom:
  - {kind: ConfigMap, name: one}
  - {kind: ConfigMap, name: two, valuesKey: other}
  - {kind: ConfigMap, name: one, valuesKey: tag, targetPath: image.tag}
  - {kind: ConfigMap, name: none, optional: true}
  values:
    image: {repository: acme/catalog}
    nested: {gone: null}
  postRenderers:
  - kustomize:
      images: [{name: acme/catalog, newName: acme/checkout}]
      patches:
      - target: {kind: ConfigMap}
        patch: |
          - op: add
            path: /data/patched
            value: "yes"
`,
    },
    spec: () => ({ path: "./release/apps" }),
  },
  {
    title: "Flux: a HelmRelease whose chart a HelmChart names, into another release name and with values that are substituted",
    name: "named",
    kind: "HelmRelease",
    files: {
      ...witness("n", "named/chart"),
      "named/apps/chart.yaml":
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmChart\nmetadata:\n  name: named\nspec:\n  interval: 1m\n  chart: ./named/chart\n  reconcileStrategy: Revision\n  sourceRef: {kind: GitRepository, name: REPOSITORY}\n",
      "named/apps/release.yaml":
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: named\nspec:\n  interval: 1m\n  chartRef: {kind: HelmChart, name: named}\n  values:\n    text: ${who}\n",
    },
    spec: () => ({ path: "./named/apps", postBuild: { substitute: { who: "substituted" } } }),
  },
];
