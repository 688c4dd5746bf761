import { Observable, Subject, throwError } from "rxjs";
import { expect, test } from "vitest";
import { prioritySemaphore } from "../../../pipeline/jobs/semaphore.ts";

/** Work that says when it is begun and left, and ends when the test says so. */
function works(size: number) {
  const inSlot = prioritySemaphore(size);
  const log: string[] = [];
  return {
    log,
    inSlot,
    add(name: string, priority = 0) {
      const end = new Subject<string>();
      const work = new Observable<string>((subscriber) => {
        log.push(`+${name}`);
        subscriber.add(end.subscribe(subscriber));
        return () => log.push(`-${name}`);
      });
      const subscription = inSlot(work, priority).subscribe({ next: (value) => log.push(value) });
      return { end, leave: () => subscription.unsubscribe() };
    },
  };
}

/** Lets what is due in this turn happen. */
const turn = async (): Promise<void> => undefined;

test("at most as many as there are slots, in the order they came", async () => {
  const { add, log } = works(2);
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => add(name));
  await turn();
  expect(log).toEqual(["+a", "+b"]);
  b!.end.complete();
  await turn();
  expect(log).toEqual(["+a", "+b", "-b", "+c"]);
  a!.end.next("value of a");
  a!.end.complete();
  await turn();
  expect(log.slice(4)).toEqual(["value of a", "-a", "+d"]);
  c!.end.complete();
  d!.end.complete();
  add("e");
  await turn();
  expect(log.at(-1)).toBe("+e");
});

test("of those that wait, the highest priority is first, and of equals the one that came first", async () => {
  const { add, log } = works(1);
  const priorities = { a: 1, b: 2, c: 3, d: 2 };
  const added = Object.entries(priorities).map(([name, priority]) => add(name, priority));
  for (let left = added.length; left > 0; left -= 1) {
    await turn();
    const begun = log.at(-1)!.slice(1);
    added[Object.keys(priorities).indexOf(begun)]!.end.complete();
  }
  expect(log.filter((entry) => entry.startsWith("+"))).toEqual(["+c", "+b", "+d", "+a"]);
});

test("who leaves frees the slot; who leaves the queue is never begun", async () => {
  const { add, log } = works(1);
  const [a, b] = ["a", "b", "c"].map((name) => add(name));
  await turn();
  b!.leave();
  a!.leave();
  await turn();
  expect(log).toEqual(["+a", "-a", "+c"]);
});

test("an error goes to who waits for it, and frees the slot", async () => {
  const { add, inSlot, log } = works(1);
  const errors: unknown[] = [];
  inSlot(
    throwError(() => "down"),
    0,
  ).subscribe({ error: (error) => errors.push(error) });
  add("a");
  await turn();
  expect(errors).toEqual(["down"]);
  expect(log).toEqual(["+a"]);
});

test("what is prompt begins at once, and takes no place of others", async () => {
  const { add, log } = works(1);
  add("a");
  const b = add("b");
  await turn();
  const prompt = add("prompt", Number.POSITIVE_INFINITY);
  expect(log).toEqual(["+a", "+prompt"]);
  prompt.end.complete();
  await turn();
  expect(log).toEqual(["+a", "+prompt", "-prompt"]); // b still waits for a
  b.leave();
});
