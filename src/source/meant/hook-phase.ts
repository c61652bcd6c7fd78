/** In which phase of a sync Argo CD applies an object (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/). */
export const HOOK_PHASE = "argocd.argoproj.io/hook";
/** In which wave of that phase. */
export const SYNC_WAVE = "argocd.argoproj.io/sync-wave";

/** Whether an annotation says when within a sync its object is applied, and nothing else. */
export function isPhaseKey(key: string): boolean {
  return key === HOOK_PHASE || key === SYNC_WAVE;
}
