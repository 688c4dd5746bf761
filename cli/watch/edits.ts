import { concatMap, debounceTime, from, map, Observable, Subject, switchMap } from "rxjs";
import { BadInput, isError } from "../../pipeline/errors.ts";
import { changesBetween } from "./changes.ts";
import { fileEvents } from "./file-events.ts";
import type { State, StateOnDisk } from "./state.ts";
import type { WatchSet } from "./watch-set.ts";

/** What comes of a change on disk. */
export type Edit =
  /** A new state, and what is different in it from the usable one before. */
  | { readonly kind: "state"; readonly state: State; readonly changes: readonly string[] }
  /** It cannot be used, for what a sentence says. */
  | { readonly kind: "unusable"; readonly message: string }
  /** What could not be used is again as it was before. */
  | { readonly kind: "repaired" };

/** How long nothing may change before a burst of changes counts as over, ms. */
const QUIET = 100;

/**
 * Follows what is on disk: changes that come together make one state, one that is overtaken while it is looked up is
 * none, and a state like the one before says nothing.
 *
 * @param first the state at the beginning
 */
export function edits(disk: StateOnDisk, first: State): Observable<Edit> {
  return new Observable((subscriber) => {
    const interests = new Subject<WatchSet>();
    let good = first;
    let told: string | undefined;
    const editOf = (found: State | Error): Edit | undefined => {
      if (found instanceof Error) {
        if (found.message === told) return undefined;
        told = found.message;
        return { kind: "unusable", message: told };
      }
      const changes = changesBetween(good, found);
      const wasUnusable = told !== undefined;
      told = undefined;
      if (changes.length === 0) return wasUnusable ? { kind: "repaired" } : undefined;
      good = found;
      return { kind: "state", state: good, changes };
    };
    const subscription = fileEvents(interests)
      .pipe(
        debounceTime(QUIET),
        switchMap(() => stateOf(disk)),
        concatMap((found) => from(disk.watchSet()).pipe(map((watchSet) => ({ found, watchSet })))),
      )
      .subscribe({
        next: ({ found, watchSet }) => {
          interests.next(watchSet);
          const edit = editOf(found);
          if (edit) subscriber.next(edit);
        },
        error: (thrown) => subscriber.error(thrown),
      });
    disk.watchSet().then(
      (watchSet) => interests.next(watchSet),
      (thrown) => subscriber.error(thrown),
    );
    return subscription;
  });
}

/** The state on disk, or what is wrong with it. */
function stateOf(disk: StateOnDisk): Observable<State | Error> {
  return new Observable((subscriber) => {
    const overtaken = new AbortController();
    disk.now(overtaken.signal).then(
      (state) => {
        subscriber.next(state);
        subscriber.complete();
      },
      (thrown) => {
        subscriber.next(faultOf(thrown));
        subscriber.complete();
      },
    );
    return () => overtaken.abort();
  });
}

function faultOf(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isError(error, BadInput)) return error;
  // The stages' code may throw whatever it likes while a graph is made of it.
  return new Error(`The pipeline cannot be put together: ${error.name}: ${error.message}`);
}
