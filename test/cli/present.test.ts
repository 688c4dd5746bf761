import { stripVTControlCharacters } from "node:util";
import { of, Subject, throwError } from "rxjs";
import { describe, expect, it } from "vitest";
import { commands } from "../../cli/commands.ts";
import { configure } from "../../cli/configuration/configuration.ts";
import { statisticsOf } from "../../cli/inspect/statistics.ts";
import { counted, duration, moment, number, quantityText, size } from "../../cli/output/format.ts";
import { table } from "../../cli/output/table.ts";
import { lineOf } from "../../cli/present/event-line.ts";
import { linesPresenter } from "../../cli/present/lines-presenter.ts";
import { lineOfRunning, livePresenter } from "../../cli/present/live.ts";
import { reasonText } from "../../cli/present/reasons.ts";
import { interruptible } from "../../cli/session/signals.ts";
import { usageError } from "../../cli/usage.ts";
import type { StageNode } from "../../pipeline/index.ts";
import { cortex } from "../../stages/cortex.ts";

describe("numbers", () => {
  it("are written for people", () => {
    expect([0.004, 0.04, 0.99, 3.21, 9.96, 42.4, 185, 3599.6, 7380].map(duration)).toEqual([
      ...["<0.01 s", "0.04 s", "0.99 s", "3.2 s", "10 s", "42 s", "3 min 05 s", "1 h 00 min", "2 h 03 min"],
    ]);
    expect([0, 999, 1000, 1.34e6, 123e6, 5e9].map(size)).toEqual([
      ...["0 B", "999 B", "1.0 kB", "1.3 MB", "123 MB", "5.0 GB"],
    ]);
    expect([0.1 + 0.2, 1234567, -0.000123456789, null].map(number)).toEqual([
      "0.3",
      "1234570",
      "-0.000123457",
      "–",
    ]);
    expect([counted(1, "stage"), counted(2, "stage")]).toEqual(["1 stage", "2 stages"]);
    expect(moment("2025-01-31T12:05:09.000Z")).toMatch(/^2025-0[12]-\d\d \d\d:\d\d:09$/);
    expect(quantityText([-50, 200], "ms")).toBe("[-50, 200] ms");
    expect(quantityText("fast", "mm/s")).toBe('"fast"');
  });

  it("of arrays leave out what is not a number", () => {
    expect(statisticsOf(Float64Array.of(Number.NaN, 1, 4))).toEqual({ min: 1, max: 4, mean: 2.5 });
    expect(statisticsOf(Int32Array.of())).toEqual({ min: null, max: null, mean: null });
    expect(statisticsOf(Float32Array.of(Number.NaN))).toEqual({ min: null, max: null, mean: null });
  });

  it("are set in columns", () => {
    const text = table(
      ["what", "here", "unit"],
      [
        ["ν_e", "2.5", "Hz"],
        ["c", "10", ""],
      ],
      ["here"],
    );
    expect(text).toBe(["what  here  unit", "ν_e    2.5  Hz", "c       10"].join("\n"));
  });
});

describe("events in lines", () => {
  it("tell what ran, failed or was blocked, and count the rest", async () => {
    const lines: string[] = [];
    const presenter = linesPresenter(async (line) => void lines.push(line));
    const named = { hits: ["h", "i"], executed: ["a"], failed: ["b", "d"], blocked: ["c"], aborted: [] };
    presenter.show({ event: "planned", stages: ["a", "b", "c"], toRun: ["a"] });
    presenter.show({ event: "hit", stage: "h", key: "k", content: "c" });
    presenter.show({ event: "started", stage: "a", key: "k", reasons: [] });
    presenter.show({ event: "progress", stage: "a", fraction: 0.5, remaining: 1 });
    presenter.show({ event: "finished", stage: "a", key: "k", content: "c", seconds: 0.04 });
    presenter.show({
      event: "failed",
      stage: "b",
      failure: { kind: "bad-input", message: "b.mat is empty" },
    });
    presenter.show({
      event: "failed",
      stage: "d",
      failure: { kind: "stage", message: "oh", stack: "  at d" },
    });
    presenter.show({ event: "blocked", stage: "c", by: ["b"] });
    presenter.show({ event: "blocked", stage: "recording/f", by: ["file f"] });
    presenter.show({ event: "blocked", stage: "recording/g", by: ["file f"] });
    presenter.show({ event: "summary", ...named, seconds: 1.2 });
    await presenter.end();
    expect(lines).toEqual([
      "ran a  0.04 s",
      "failed b: b.mat is empty",
      "failed d: oh\n  at d",
      "blocked c by b",
      "blocked recording/g by file f",
      "1 stage ran, 2 up to date, 2 failed, 1 blocked, in 1.2 s",
    ]);
  });

  it.each([
    ["transient", "failed a, and did so at every try: oh"],
    ["worker", "failed a, and did so at every try: oh"],
    ["time-limit", "failed a: oh"],
    ["store", "failed a: oh"],
  ] as const)("tell failures of kind %s, and that some are tried again", (kind, line) => {
    const failure = { kind, message: "oh" };
    expect(lineOf({ event: "failed", stage: "a", failure })).toBe(line);
    expect(lineOf({ event: "retry", stage: "a", failure, wait: 2 })).toBe(
      "failed a: oh; it is tried again in 2.0 s",
    );
  });

  const progress = { event: "progress", stage: "s" } as const;

  it("of grids tell how many of all points are done, and measure the bar by them", () => {
    // Half of what was lacking is done: of 15,625 points 6,250 were there before.
    const state = { ...progress, fraction: 0.5, remaining: 3, done: 10_937, total: 15_625 };
    expect(lineOfRunning("scan", { begun: 0 }, 100)).toBe("scan …");
    expect(lineOfRunning("scan", { begun: 0, progress: state }, 2000)).toBe(
      "scan  ████████████████░░░░░░░░  69 %  10,937 of 15,625 points  3.0 s left",
    );
  });

  it("get a bar and the time left where they take longer", () => {
    expect(lineOfRunning("s", { begun: 0 }, 100)).toBe("s …");
    expect(lineOfRunning("s", { begun: 0 }, 2000)).toBe("s …  2.0 s");
    expect(
      lineOfRunning("s", { begun: 0, progress: { ...progress, fraction: 0.5, remaining: 0.1 } }, 100),
    ).toBe("s …");
    expect(
      lineOfRunning("s", { begun: 0, progress: { ...progress, fraction: 0.5, remaining: 65 } }, 100),
    ).toBe("s  ████████████░░░░░░░░░░░░  50 %  1 min 05 s left");
  });
});

describe("a terminal", () => {
  it("keeps the lines of what has ended above what runs", () => {
    const written: string[] = [];
    const terminal = { isTTY: true, columns: 80, rows: 24, write: (text: string) => written.push(text) };
    const presenter = livePresenter(terminal as unknown as NodeJS.WriteStream);
    const named = { hits: [], executed: ["a"], failed: [], blocked: [], aborted: [] };
    presenter.show({ event: "planned", stages: ["a", "b"], toRun: ["a"] });
    presenter.show({ event: "hit", stage: "b", key: "k", content: "c" });
    presenter.show({ event: "started", stage: "a", key: "k", reasons: [] });
    presenter.show({ event: "progress", stage: "a", fraction: 0.25, remaining: 30 });
    const shown = stripVTControlCharacters(written.join(""));
    expect(shown).toContain("a  ██████░░░░░░░░░░░░░░░░░░  25 %  30 s left\n1 of 2 done\n");
    presenter.show({ event: "finished", stage: "a", key: "k", content: "c", seconds: 40 });
    presenter.show({ event: "summary", ...named, seconds: 40 });
    void presenter.end();
    const ended = stripVTControlCharacters(written.join("")).slice(shown.length);
    expect(ended).toBe("ran a  40 s\n2 of 2 done\n1 stage ran, 0 up to date, in 40 s\n");
  });
});

describe("a terminal that follows revisions", () => {
  it("counts those of the last, and takes up what goes on", () => {
    const written: string[] = [];
    const terminal = { isTTY: true, columns: 80, rows: 24, write: (text: string) => written.push(text) };
    const presenter = livePresenter(terminal as unknown as NodeJS.WriteStream);
    const part = { event: "part", key: "k", content: "c" } as const;
    presenter.show({ event: "planned", stages: ["a", "scan"], toRun: ["scan"] });
    presenter.show({ event: "hit", stage: "a", key: "k", content: "c" });
    presenter.show({ event: "started", stage: "scan", key: "k", reasons: [] });
    presenter.show({ ...part, stage: "scan", points: 9_000 });
    presenter.show({
      event: "progress",
      stage: "scan",
      fraction: 0.4,
      remaining: 70,
      done: 400,
      total: 1_000,
    });
    presenter.show({ event: "revision", number: 2, changes: ["v_c: 1 → 2"] });
    presenter.show({ event: "planned", stages: ["a", "scan", "b"], toRun: ["scan"] });
    written.length = 0;
    presenter.show({
      event: "progress",
      stage: "scan",
      fraction: 0.4,
      remaining: 60,
      done: 500,
      total: 1_000,
    });
    presenter.show({ ...part, stage: "scan", points: 100 });
    const shown = stripVTControlCharacters(written.join(""));
    expect(shown).toContain("scan  ████████████░░░░░░░░░░░░  50 %  500 of 1,000 points  1 min 00 s left");
    expect(shown).toContain("0 of 3 done");
    presenter.show({
      ...{ event: "retry", stage: "scan", wait: 1 },
      failure: { kind: "worker", message: "its thread is gone" },
    });
    expect(stripVTControlCharacters(written.join(""))).toContain(
      "failed scan: its thread is gone; it is tried again in 1.0 s\nscan …",
    );
    void presenter.end();
  });
});

describe("events that are interrupted", () => {
  it("are left, and a second signal meets no handler", async () => {
    const handlers = process.listenerCount("SIGINT");
    const events = new Subject<number>();
    const seen: number[] = [];
    const outcome = interruptible(events, (event) => seen.push(event));
    events.next(1);
    expect(process.listenerCount("SIGINT")).toBe(handlers + 1);
    process.emit("SIGINT");
    expect([process.listenerCount("SIGINT"), events.observed]).toEqual([handlers, false]);
    expect([await outcome, seen]).toEqual([false, [1]]);
  });

  it("leave no handlers behind at their end, or when they fail", async () => {
    const handlers = process.listenerCount("SIGTERM");
    expect(await interruptible(of(1), () => {})).toBe(true);
    await expect(
      interruptible(
        throwError(() => new Error("lost")),
        () => {},
      ),
    ).rejects.toThrow("lost");
    expect(process.listenerCount("SIGTERM")).toBe(handlers);
  });
});

describe("reasons", () => {
  const nodes = cortex(configure([]).configuration, []);
  const trial = nodes.find(({ name }) => name === "ring-trial/baseline") as StageNode;

  it.each([
    [{ kind: "parameter", path: "ring.v_c", from: 300, to: 50 }, "ring.v_c: 300 → 50 mm/s"],
    [{ kind: "parameter", path: "network.p", from: 0.05, to: 0.02 }, "network.p: 0.05 → 0.02"],
    [
      { kind: "parameter", path: "reading", from: "as-coded", to: "as-published" },
      "reading: as-coded → as-published",
    ],
    [{ kind: "parameter", path: "ring.gone", from: 1 }, "ring.gone: 1 → nothing"],
    [
      { kind: "input", input: "exc", from: "a".repeat(64), to: "b".repeat(64) },
      "its input tf-fit/RS-cell differs: aaaaaaaaaaaa → bbbbbbbbbbbb",
    ],
    [{ kind: "package", name: "zod", from: "4.1.0", to: "4.2.0" }, "package zod: 4.1.0 → 4.2.0"],
    [
      { kind: "upstream", nodes: ["fixed-point", "tf-fit/RS-cell"] },
      "it waits for fixed-point, tf-fit/RS-cell",
    ],
    [{ kind: "never-run" }, "it has never run"],
    [{ kind: "evicted" }, "its result is no longer in the cache"],
    [{ kind: "code" }, "its code has changed"],
  ] as const)("%j", (reason, text) => {
    expect(reasonText(reason, trial)).toBe(text);
  });
});

describe("a wrong command line", () => {
  it.each([
    ["Unknown argument: rnu", ["rnu"], "Unknown command rnu: did you mean run (see mesoflow --help)?"],
    [
      "Unknown arguments: froce, x",
      ["run", "--froce", "--x"],
      "Unknown option --froce: did you mean --force (see mesoflow run --help)?",
    ],
    [
      "Unknown argument: ring.v_c",
      ["run", "--ring.v_c=5"],
      "Unknown option --ring.v_c: did you mean --set ring.v_c=… (see mesoflow run --help)?",
    ],
    [
      "Unknown argument: lss",
      ["cache", "lss"],
      "Unknown command lss: did you mean ls (see mesoflow cache --help)?",
    ],
    [
      "Unknown argument: a",
      ["cache", "ls", "a"],
      "mesoflow cache ls takes no a (see mesoflow cache ls --help).",
    ],
    [
      "Not enough arguments following: set",
      ["run", "--set"],
      "--set needs a value (see mesoflow run --help).",
    ],
    [
      'Invalid values:\n  Argument: format, Given: "svg", Choices: "text", "dot"',
      ["graph", "--format", "svg"],
      '--format is "svg", but must be text or dot (see mesoflow graph --help).',
    ],
    ["Unknown argument: x", ["show", "export", "-x"], "Unknown option -x (see mesoflow show --help)."],
    ["Unknown argument: qqqqqq", ["qqqqqq"], "Unknown command qqqqqq (see mesoflow --help)."],
    [
      "Unknown argument: qqqqqqqq",
      ["run", "--qqqqqqqq"],
      "Unknown option --qqqqqqqq (see mesoflow run --help).",
    ],
    ["Name a command.", [], "Name a command (see mesoflow --help)."],
  ])("%s", (message, words, sentence) => {
    expect(usageError(message, words, commands)).toBe(sentence);
  });
});
