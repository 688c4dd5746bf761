import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { lastValueFrom, of, Subject, share } from "rxjs";
import { describe, expect, test } from "vitest";
import { CoalescingQueue } from "../../pipeline/backpressure.ts";
import { consumeSerially, type PipelineEvent } from "../../pipeline/index.ts";
import { engineOf, heldStage, idle } from "../support/harness.ts";

const progress = (stage: string, fraction: number): PipelineEvent => ({
  event: "progress",
  ...{ stage, fraction, remaining: 1 },
});
const aborted = (stage: string): PipelineEvent => ({ event: "aborted", stage });

/** A consumer that takes an event when the test says so. */
function reader() {
  const taken: PipelineEvent[] = [];
  let next: (() => void) | undefined;
  return {
    taken,
    consume: (event: PipelineEvent) => {
      taken.push(event);
      return new Promise<void>((resolve) => {
        next = resolve;
      });
    },
    async take(): Promise<void> {
      next?.();
      await setImmediate();
    },
  };
}

describe("events at a consumer's pace", () => {
  test("come one after the other; of progress only the latest of each stage has waited", async () => {
    const events = new Subject<PipelineEvent>();
    const { taken, consume, take } = reader();
    let isOver = false;
    events.pipe(consumeSerially(consume)).subscribe({ complete: () => (isOver = true) });
    const said = [
      ...[aborted("x"), progress("a", 0.1), progress("b", 0.1), progress("a", 0.2), aborted("y")],
      ...[progress("a", 0.3), progress("b", 0.2), aborted("a")],
    ];
    for (const event of said) events.next(event);
    events.complete();
    expect(taken).toEqual([aborted("x")]);
    for (let count = 0; count < 4; count += 1) await take();
    expect([taken.length, isOver]).toEqual([5, false]);
    await take();
    expect(isOver).toBe(true);
    expect(taken).toEqual([said[0], said[4], said[5], said[6], said[7]]);
  });

  test("are consumed before a failure is told; a consumer that fails ends them, one that leaves gets no more", async () => {
    const seen: PipelineEvent[] = [];
    const slow = async (event: PipelineEvent) => {
      await idle();
      seen.push(event);
    };
    const failing = new Subject<PipelineEvent>();
    const told = lastValueFrom(failing.pipe(consumeSerially(slow)));
    failing.next(aborted("a"));
    failing.next(aborted("b"));
    failing.error(new Error("lost"));
    await expect(told).rejects.toThrow("lost");
    expect(seen).toEqual([aborted("a"), aborted("b")]);

    const events = new Subject<PipelineEvent>();
    const broken = lastValueFrom(events.pipe(consumeSerially(async () => Promise.reject(new Error("gone")))));
    events.next(aborted("a"));
    await expect(broken).rejects.toThrow("gone");
    expect(events.observed).toBe(false);

    const { taken, consume, take } = reader();
    const subscription = events.pipe(consumeSerially(consume)).subscribe();
    events.next(aborted("a"));
    events.next(aborted("b"));
    subscription.unsubscribe();
    await take();
    expect([taken, events.observed]).toEqual([[aborted("a")], false]);
  });

  test("complete at once where nobody said anything", async () => {
    await lastValueFrom(of<PipelineEvent>().pipe(consumeSerially(async () => {})), {
      defaultValue: undefined,
    });
  });

  test("do not keep a run waiting, nor one consumer another", async () => {
    const { stage, at, call } = heldStage();
    const { engine } = engineOf([stage]);
    const events = engine.run([at("a")]).pipe(share());
    const [stuck, quick] = [reader(), [] as string[]];
    events.pipe(consumeSerially(stuck.consume)).subscribe();
    const others = Array.from({ length: 50 }, () =>
      lastValueFrom(events.pipe(consumeSerially(async ({ event }) => void quick.push(event))), {
        defaultValue: undefined,
      }),
    );
    (await call("a")).finish(1);
    await Promise.all(others);
    expect(quick.filter((event) => event === "summary")).toHaveLength(50);
    expect(stuck.taken.map(({ event }) => event)).toEqual(["planned"]);
  });
});

/** What is to be left of all that was said while nobody read: written anew, from the definition. */
const coalesced = (said: readonly PipelineEvent[]): PipelineEvent[] =>
  said.filter(
    (event, index) =>
      event.event !== "progress" ||
      !said.slice(index + 1).some((later) => later.event === "progress" && later.stage === event.stage),
  );

describe("a backlog", () => {
  const stage = fc.constantFrom("a", "b", "c");
  const said = fc.oneof(
    stage.map((name) => aborted(name)),
    fc.tuple(stage, fc.double({ min: 0, max: 1 })).map(([name, fraction]) => progress(name, fraction)),
  );
  test("is the definition, whenever it is read", () => {
    const steps = fc.array(fc.oneof(said, fc.constant("take" as const)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const backlog = new CoalescingQueue<PipelineEvent>();
        let waiting: PipelineEvent[] = [];
        for (const step of all) {
          if (step === "take") {
            const [first, ...others] = waiting;
            waiting = others;
            expect(backlog.take()).toBe(first);
          } else {
            backlog.put(step);
            waiting = coalesced([...waiting, step]);
          }
          expect(backlog.size).toBe(waiting.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("holds one progress a stage, whatever was said of it, and one event as often as it was said", () => {
    const backlog = new CoalescingQueue<PipelineEvent>();
    for (let count = 0; count < 100_000; count += 1) backlog.put(progress(`s${count % 7}`, count / 1e5));
    expect(backlog.size).toBe(7);
    const twice = aborted("a");
    backlog.put(twice);
    backlog.put(twice);
    expect(backlog.size).toBe(9);
  });
});
