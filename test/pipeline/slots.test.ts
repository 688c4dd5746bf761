import { Observable, Subject, throwError } from "rxjs";
import { expect, test } from "vitest";
import { slots } from "../../pipeline/slots.ts";

/** Work that says when it is begun and left, and ends when the test says so. */
function works(size: number) {
  const inSlot = slots(size);
  const log: string[] = [];
  return {
    log,
    inSlot,
    add(name: string) {
      const end = new Subject<string>();
      const work = new Observable<string>((subscriber) => {
        log.push(`+${name}`);
        subscriber.add(end.subscribe(subscriber));
        return () => log.push(`-${name}`);
      });
      const subscription = inSlot(work).subscribe({ next: (value) => log.push(value) });
      return { end, leave: () => subscription.unsubscribe() };
    },
  };
}

test("at most as many as there are slots, in the order they came", () => {
  const { add, log } = works(2);
  const [a, b, c, d] = ["a", "b", "c", "d"].map(add);
  expect(log).toEqual(["+a", "+b"]);
  b!.end.complete();
  expect(log).toEqual(["+a", "+b", "-b", "+c"]);
  a!.end.next("value of a");
  a!.end.complete();
  expect(log.slice(4)).toEqual(["value of a", "-a", "+d"]);
  c!.end.complete();
  d!.end.complete();
  add("e");
  expect(log.at(-1)).toBe("+e");
});

test("who leaves frees the slot; who leaves the queue is never begun", () => {
  const { add, log } = works(1);
  const [a, b] = ["a", "b", "c"].map(add);
  b!.leave();
  a!.leave();
  expect(log).toEqual(["+a", "-a", "+c"]);
});

test("an error goes to who waits for it, and frees the slot", () => {
  const { add, inSlot, log } = works(1);
  const errors: unknown[] = [];
  inSlot(throwError(() => "down")).subscribe({ error: (error) => errors.push(error) });
  add("a");
  expect(errors).toEqual(["down"]);
  expect(log).toEqual(["+a"]);
});
