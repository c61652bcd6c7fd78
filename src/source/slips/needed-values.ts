// A value that git gives a chart at another place since the last good revision, where some templates read it, while others still read it where it was.
import { getIn } from "../edit/field-path.ts";
import { chartReads } from "../render/chart-reads.ts";
import { isRead } from "../render/entered-values.ts";
import type { FileChange } from "../workspace.ts";
import { layersIn, withValueAt } from "./given-values.ts";
import { pathsMissed } from "./missed-values.ts";
import type { BasisFile } from "./text-basis.ts";

/** The files in which what a template misses by helm's words comes back beside where it stands now. Empty for a chart of which is not known what it reads. */
export function neededValues(files: readonly BasisFile[], error: string): FileChange[] {
  const chart = chartReads(files);
  const [missed, ...more] = pathsMissed(files, error);
  if (!chart || !missed || more.length > 0) return [];
  return files.flatMap(({ path, text, lastGood }) => {
    const then = layersIn(chart, path, lastGood);
    return layersIn(chart, path, text).flatMap((layer, i): FileChange[] => {
      const depth = missed.findIndex((_, at) => getIn(layer.values, missed.slice(0, at + 1)) === undefined);
      const gone = missed.slice(0, depth + 1);
      const value = getIn(then[i]?.values ?? null, gone);
      // Elsewhere under the same name, where it was not before.
      const moved = pathsTo(gone.at(-1) ?? "", gone).filter(
        (one) => getIn(layer.values, one) !== undefined && getIn(then[i]?.values ?? null, one) === undefined,
      );
      const isReadThere = moved.some((one) => isRead(chart.read, one));
      return depth < 0 || value === undefined || !isReadThere ? [] : withValueAt(layer, gone, { value });
    });
  });
}

/** The places of a group above the one where it was. */
function pathsTo(key: string, gone: readonly string[]): string[][] {
  return gone.slice(0, -1).map((_, depth) => [...gone.slice(0, depth), key]);
}
