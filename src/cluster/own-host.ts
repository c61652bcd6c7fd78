/** Whether a host is the machine itself. The kubelet asks a probe's host from the node, where the pod does not listen (Probe httpGet.host, tcpSocket.host). */
export function isOwnHost(host: unknown): boolean {
  return typeof host === "string" && /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|\[?::1?\]?)$/i.test(host.trim());
}
