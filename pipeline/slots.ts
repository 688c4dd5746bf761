import { catchError, defer, EMPTY, mergeAll, Observable, Subject, takeUntil, tap } from "rxjs";

/** Lets at most `size` of the observables handed to it run at once; the others wait in the order they came. */
export function slots(size: number): <T>(work: Observable<T>) => Observable<T> {
  const queue = new Subject<Observable<unknown>>();
  queue.pipe(mergeAll(size)).subscribe();
  return <T>(work: Observable<T>) =>
    new Observable<T>((subscriber) => {
      const left = new Subject<void>();
      queue.next(
        defer(() => (subscriber.closed ? EMPTY : work.pipe(takeUntil(left), tap(subscriber)))).pipe(
          catchError(() => EMPTY), // the subscriber has it already; the queue goes on
        ),
      );
      return () => left.next();
    });
}
