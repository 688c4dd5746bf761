import { type ChokidarOptions, watch } from "chokidar";
import { distinctUntilChanged, map, Observable, switchMap, tap } from "rxjs";
import { BadInput } from "../../pipeline/errors.ts";
import type { WatchSet } from "./watch-set.ts";

/**
 * Says whenever something that matters may have changed on disk; what, and whether it did, is to be looked up. Network
 * folders that tell nothing of changes are asked again and again if CHOKIDAR_USEPOLLING is set.
 *
 * @param interests what matters, from now on
 */
export function fileEvents(interests: Observable<WatchSet>): Observable<void> {
  let watchSet: WatchSet;
  return interests.pipe(
    tap((now) => {
      watchSet = now;
    }),
    map(({ folders }) => [...folders].sort()),
    distinctUntilChanged((before, after) => before.join("\n") === after.join("\n")),
    switchMap((folders) => changesIn(folders, (path) => watchSet.concerns(path))),
  );
}

/** Once more at the beginning, for what has changed before anybody watched. */
function changesIn(folders: string[], concerns: (path: string) => boolean): Observable<void> {
  return new Observable((subscriber) => {
    const known = new Set(folders);
    const options: ChokidarOptions = {
      depth: 0,
      ignoreInitial: true,
      ignored: (path, stats) => stats?.isFile() === true && !concerns(path),
    };
    const watcher = watch(folders, options);
    watcher.on("all", (_, path) => {
      if (known.has(path) || concerns(path)) subscriber.next();
    });
    watcher.on("ready", () => subscriber.next());
    watcher.on("error", (thrown) => {
      const { code = "", message } = thrown as NodeJS.ErrnoException;
      if (!["EMFILE", "ENOSPC"].includes(code)) return subscriber.next();
      const cure = "name fewer folders of recordings, or set CHOKIDAR_USEPOLLING=1";
      subscriber.error(new BadInput(`The system lets no more files be watched (${message}): ${cure}.`));
    });
    return () => void watcher.close();
  });
}
