/** Texts of the shops' repositories: written by hand here as people write them, with comments and flow style. */

/** A Deployment with one container; `more` continues the container (8 spaces in). */
export function deployment(name: string, image: string, { memory = "128Mi", more = "" } = {}): string {
  return `# ${name}: owned by team storefront
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  annotations:
    example.com/release: "41"
spec:
  replicas: 2
  progressDeadlineSeconds: 90
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
      - name: shop
        image: ${image}   # keep in step with the changelog
        ports:
        - {name: http, containerPort: 8080}
        resources:
          requests: {cpu: 20m, memory: 32Mi}
          limits: {memory: ${memory}}
        readinessProbe:
          httpGet: {path: /readyz, port: http}
          periodSeconds: 2
        livenessProbe:
          httpGet: {path: /healthz, port: http}
          periodSeconds: 5
${more}`;
}

export function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
  - {name: http, port: 80, targetPort: http}
`;
}

export function kustomization(resources: readonly string[], more = ""): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${resources.map((path) => `- ${path}\n`).join("")}${more}`;
}

/** A chart whose values are spread over its own defaults and whoever installs it. */
export const CHART: Record<string, string> = {
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.3.0\n",
  "chart/values.yaml": `image:
  repository: acme/payments
  tag: 1.4.0
replicas: 1
probes:
  liveness: /healthz
  readiness: /readyz
resources:
  limits:
    memory: 128Mi
env: {}
`,
  "chart/templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  progressDeadlineSeconds: 90
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - {name: http, containerPort: 8080}
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          livenessProbe:
            httpGet: {path: {{ .Values.probes.liveness }}, port: http}
            periodSeconds: 5
            failureThreshold: 2
          readinessProbe:
            httpGet: {path: {{ .Values.probes.readiness }}, port: http}
            periodSeconds: 2
`,
  "chart/templates/service.yaml": `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector:
    app: {{ .Release.Name }}
  ports:
    - {name: http, port: 80, targetPort: http}
`,
};

/** An Argo CD Application that syncs by itself. */
export function application(place: Place, source: Record<string, unknown>): object[] {
  return [
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: place.name, namespace: "argocd", labels: place.labels },
      spec: {
        project: "default",
        source: { repoURL: place.url, targetRevision: "main", ...source },
        destination: { server: "https://kubernetes.default.svc", namespace: place.name },
        syncPolicy: { automated: { prune: true, selfHeal: true }, retry: { limit: 2, backoff: { duration: "5s", factor: 2, maxDuration: "20s" } } },
      },
    },
  ];
}

/** A Flux GitRepository and Kustomization with short intervals that wait for health. */
export function fluxKustomization(place: Place, path: string, more: Record<string, unknown> = {}): object[] {
  const metadata = { name: place.name, namespace: place.name, labels: place.labels };
  return [
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata,
      spec: { interval: "10s", url: place.url, ref: { branch: "main" } },
    },
    {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata,
      spec: {
        interval: "20s",
        retryInterval: "10s",
        timeout: "30s",
        path,
        prune: true,
        wait: true,
        targetNamespace: place.name,
        sourceRef: { kind: "GitRepository", name: place.name },
        ...more,
      },
    },
  ];
}

/** Where a shop lives in one run: the name is its namespace's, its delivery's and its repository's. */
export interface Place {
  name: string;
  /** Of the repository, as the controllers reach it. */
  url: string;
  labels: Record<string, string>;
}
