import { merge, mergeMap, Observable, Subject } from "rxjs";
import type { Artifact, PipelineEvent } from "../../pipeline/index.ts";
import type { Setting } from "../../web/protocol.ts";
import {
  type PipelineView,
  type Serving,
  type ServingOptions,
  serve,
  type Workbench,
} from "../../web/server/index.ts";

export const content = "c0".repeat(32);
export const key = "5e".repeat(32);

/** Of two arrays, one of which does not fill up eight bytes. */
export const artifact: Artifact = {
  arrays: {
    x: { data: Float64Array.of(1, Number.NaN, -0), shape: [3], dims: ["x"], units: "mm" },
    n: { data: Int16Array.of(7), shape: [], dims: [], units: "1" },
  },
  values: { name: "µ" },
};

/** A pipeline of two stages that are done as soon as a setting is there; a test may say more. */
export class ToyWorkbench implements Workbench {
  /** What the run says besides. */
  readonly said = new Subject<PipelineEvent>();
  readonly settings: Setting[] = [];
  isAborted = false;
  readonly info: Workbench["info"] = {
    version: "0",
    profile: "default",
    parameters: [parameter("ring.v_c", false), parameter("recordings", true)],
  };

  async bench(setting: Setting): Promise<PipelineView | { faults: string[] }> {
    if (setting["ring.v_c"] === -1) return { faults: ["ring.v_c is -1 (page), but must be above 0."] };
    return {
      setting,
      graph: [
        { name: "one", needs: [], isGrid: false },
        { name: "of/two", needs: ["one"], isGrid: true },
      ],
      partial: async (stage) => (stage === "of/two" ? artifact : undefined),
      why: async (stage) => ({ sentences: [`${stage} is up to date`] }),
      exported: async (stage, format) => (stage === "one" ? `${stage} as ${format}` : undefined),
    };
  }

  follow(benches: Observable<PipelineView>): Observable<PipelineEvent> {
    let number = 0;
    const runs = benches.pipe(
      mergeMap(({ setting }): PipelineEvent[] => {
        this.settings.push(setting);
        number += 1;
        return [
          { event: "revision", number, changes: [] },
          { event: "planned", stages: ["one", "of/two"], toRun: ["one"] },
          { event: "finished", stage: "one", key, content, seconds: 0 },
        ];
      }),
    );
    return new Observable((subscriber) => {
      subscriber.add(merge(runs, this.said).subscribe(subscriber));
      return () => {
        this.isAborted = true;
      };
    });
  }

  artifact = async (hash: string) => (hash === content ? artifact : undefined);
  params = (hash: string) => (hash === key ? { n: 1 } : undefined);
}

const parameter = (path: string, fixed: boolean) => ({
  ...{ path, unit: "", description: "", type: "number" as const, choices: [], requirement: "a number" },
  ...{ base: null, fixed },
});

/** A server of such a pipeline. */
export interface Toy {
  readonly workbench: ToyWorkbench;
  readonly serving: Serving;
  readonly origin: string;
  readonly port: number;
  readonly token: string;
  /** A request of a program that has the token. */
  ask(path: string, options?: RequestInit): Promise<Response>;
  put(side: string, setting: unknown): Promise<Response>;
}

/** @param page folder of the page's files */
export async function toy(page = "/nowhere", options: Pick<ServingOptions, "patience"> = {}): Promise<Toy> {
  const workbench = new ToyWorkbench();
  const first = await workbench.bench({});
  if ("faults" in first) throw new Error("the toy is broken");
  const serving = await serve(workbench, first, { host: "127.0.0.1", port: 0, page, ...options });
  const { origin, port, searchParams } = new URL(serving.url);
  const token = searchParams.get("token")!;
  const ask: Toy["ask"] = (path, options) =>
    fetch(origin + path, { ...options, headers: { Authorization: `Bearer ${token}`, ...options?.headers } });
  const put: Toy["put"] = (side, setting) =>
    ask(`/api/settings/${side}`, { method: "PUT", body: JSON.stringify({ setting }) });
  return { workbench, serving, origin, port: Number(port), token, ask, put };
}

// biome-ignore lint/suspicious/noExplicitAny: whatever it says
export const jsonOf = async (answer: Response): Promise<any> => answer.json();
