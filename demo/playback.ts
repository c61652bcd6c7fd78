import { type KubeObject, refOf } from "../src/cluster/objects.ts";
import { newestTime } from "../test/standins/replay/texts.ts";
import type { ReplayCluster } from "../test/standins/replay-cluster.ts";
import { healedState } from "../test/world/healed.ts";
import { breakAt } from "../test/world/observe-recording.ts";
import type { RecordedEvent, Recording } from "../test/world/recording.ts";
import { heldBefore } from "../test/world/world.ts";
import { pause } from "./waiting.ts";

/** How much faster than recorded everything happens. The App's waiting windows are shortened alike. */
export const SPEED = 15;

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Moves every RFC 3339 time in a value. Fractions of seconds are kept where Kubernetes has none: at this speed a second is long. */
function retimed<T>(value: T, move: (recorded: number) => number): T {
  return JSON.parse(JSON.stringify(value).replace(TIME, (time) => new Date(move(Date.parse(time))).toISOString()));
}

/** Plays one recording into the cluster, with its times moved to the present. */
export class Playback {
  readonly recording: Recording;
  /** Told every change as the cluster gets it, since the breaking push. */
  onChange: (event: RecordedEvent) => void = () => {};
  readonly #cluster: ReplayCluster;
  readonly #recordedBreak: number;
  readonly #born = Date.now();
  readonly #held = new Map<string, KubeObject>();
  #pushedAt: number | undefined;
  #playing = false;

  constructor(cluster: ReplayCluster, recording: Recording) {
    this.#cluster = cluster;
    this.recording = recording;
    this.#recordedBreak = breakAt(recording).getTime();
  }

  /** Seconds since the breaking push, as they were recorded: the demo's own seconds count {@link SPEED} times. */
  get seconds(): number {
    return this.#pushedAt === undefined ? 0 : ((Date.now() - this.#pushedAt) / 1000) * SPEED;
  }

  /** Logs of the recording, with their times moved as those of the objects. Only complete once it plays. */
  get logs(): Record<string, string> {
    return retimed(this.recording.logs, (time) => this.#now(time));
  }

  /** What the cluster holds of this recording now. */
  get held(): KubeObject[] {
    return [...this.#held.values()];
  }

  /** The state that worked, before the breaking push. */
  showHealthy(): void {
    for (const object of heldBefore(this.recording)) this.#apply({ seconds: 0, type: "ADDED", object });
  }

  /** What happened after the breaking push, {@link SPEED} times faster, until `isEnough` or the recording ends. */
  async play(isEnough: () => boolean): Promise<void> {
    this.#pushedAt = Date.now();
    this.#playing = true;
    for (const event of this.recording.sequence) {
      if (event.seconds < 0) continue;
      const due = this.#pushedAt + (event.seconds * 1000) / SPEED;
      while (this.#playing && !isEnough() && Date.now() < due) await pause(Math.min(100, Math.max(1, due - Date.now())));
      if (!this.#playing || isEnough()) return;
      this.#apply(event);
      this.onChange(event);
    }
  }

  stop(): void {
    this.#playing = false;
  }

  /**
   * What the recording's controllers would report once they delivered a merge that restores what worked: the objects of the good state under the merge's
   * SHA, with the newest of their times being now. What only the failing rollout brought is gone, but for its events.
   */
  showHealed(mergeSha: string): KubeObject[] {
    const objects = healedState(this.recording, mergeSha);
    const [newest, now] = [newestTime(objects).getTime(), Date.now()];
    const healed = objects.map((object) => retimed(object, (time) => now + Math.min(0, time - newest)));
    const stays = new Set(healed.map(idOf));
    for (const [id, object] of [...this.#held]) {
      if (!stays.has(id) && object.kind !== "Event") this.#cluster.apply({ type: "DELETED", object });
    }
    for (const object of healed) this.#cluster.apply({ type: "MODIFIED", object });
    return healed;
  }

  #apply({ type, object }: RecordedEvent): void {
    const moved = retimed(object, (time) => this.#now(time));
    if (type === "DELETED") this.#held.delete(idOf(object));
    else this.#held.set(idOf(object), moved);
    this.#cluster.apply({ type, object: moved });
  }

  /** Before the push at the pace at which it was recorded, afterwards compressed. */
  #now(recorded: number): number {
    const since = recorded - this.#recordedBreak;
    return since > 0 && this.#pushedAt !== undefined ? this.#pushedAt + since / SPEED : this.#born + since;
  }
}

function idOf(object: KubeObject): string {
  return JSON.stringify(refOf(object));
}
