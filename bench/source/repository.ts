const APPS = 500;

/** A repository of 10,000 manifests in 500 apps, each a base with two overlays, twenty files: the layout that most GitOps guides teach. */
export function syntheticRepository(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let i = 0; i < APPS; i++) for (const [path, text] of Object.entries(app(`app-${String(i).padStart(3, "0")}`, i))) files[path] = text;
  return files;
}

/** The app in the middle, and what its production overlay decides. */
export const TARGET = { folder: "apps/app-250/overlays/prod", name: "app-250", namespace: "team-0" };

const ENVIRONMENTS = [
  ["staging", 1],
  ["prod", 3],
] as const;

/** The folders that are delivered. */
export const OVERLAYS: readonly string[] = Array.from({ length: APPS }, (_, i) => `apps/app-${String(i).padStart(3, "0")}/overlays`).flatMap((folder) =>
  ENVIRONMENTS.map(([environment]) => `${folder}/${environment}`),
);

function app(name: string, i: number): Record<string, string> {
  const folder = `apps/${name}`;
  const maps = Array.from({ length: 9 }, (_, n) => `config-${n}.yaml`);
  const files: Record<string, string> = {
    [`${folder}/base/kustomization.yaml`]: kustomization(["deployment.yaml", "service.yaml", ...maps]),
    [`${folder}/base/deployment.yaml`]: deployment(name),
    [`${folder}/base/service.yaml`]: `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector: {app: ${name}}\n  ports: [{port: 80, targetPort: 8080}]\n`,
  };
  for (const [n, map] of maps.entries()) files[`${folder}/base/${map}`] = configMap(`${name}-${n}`);
  for (const [environment, replicas] of ENVIRONMENTS) {
    const overlay = `${folder}/overlays/${environment}`;
    files[`${overlay}/kustomization.yaml`] =
      `${kustomization(["../../base", "ingress.yaml", "extra.yaml"])}namespace: team-${i % 10}\npatches:\n  - path: replicas.yaml\nimages:\n  - name: acme/${name}\n    newTag: 1.${i}.${replicas}\n`;
    files[`${overlay}/replicas.yaml`] = `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: ${replicas}\n`;
    files[`${overlay}/extra.yaml`] = configMap(`${name}-${environment}`);
    files[`${overlay}/ingress.yaml`] =
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: ${name}\nspec:\n  defaultBackend: {service: {name: ${name}, port: {number: 80}}}\n`;
  }
  return files;
}

function kustomization(resources: readonly string[]): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${resources.map((resource) => `  - ${resource}\n`).join("")}`;
}

function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${Array.from({ length: 12 }, (_, i) => `  KEY_${i}: "value ${i} of ${name}"\n`).join("")}`;
}

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: main
          image: acme/${name}
          ports: [{containerPort: 8080}]
          resources:
            requests: {cpu: 50m, memory: 64Mi}
            limits:
              memory: 128Mi
`;
}
