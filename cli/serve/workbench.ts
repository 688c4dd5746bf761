import { defer, finalize, map, type Observable, tap } from "rxjs";
import type { LocalStore } from "../../cache/index.ts";
import { costOf, resultsIn, secondsByStage } from "../../cache/inspect.ts";
import { BadInput, isError } from "../../pipeline/errors.ts";
import type { Engine, Json, Revision, StageNode } from "../../pipeline/index.ts";
import { ancestors, isGrid, partialOf } from "../../pipeline/inspect.ts";
import type { Configuration } from "../../stages/configuration.ts";
import type { ParameterInfo, Setting } from "../../web/protocol.ts";
import type { Faults, Format, PipelineView, Workbench } from "../../web/server/index.ts";
import type { Code } from "../configuration/code.ts";
import { configure, type Layer, layersOf } from "../configuration/configuration.ts";
import { type Parameter, parametersOf, requirementOf, valueAt } from "../configuration/parameter-schema.ts";
import type { Options } from "../options.ts";
import { formats } from "../output/export-formats.ts";
import { tell } from "../output/print.ts";
import { saying, sentenceOf } from "../output/remedies.ts";
import { whyText } from "../present/why.ts";
import { Recorder } from "../session/recorder.ts";
import { INTERACTIVE_BELOW, type Pipeline, pipelineOf, type Session, sessionOf } from "../session/session.ts";
import { targetsIn } from "../session/targets.ts";
import { withNotices, withRemedies, withWarnings } from "../session/warnings.ts";
import { version } from "../version.ts";
import { configurationChanges } from "../watch/changes.ts";

/** What the command line puts under the server's hands. */
export interface Surroundings {
  readonly code: Code;
  readonly store: LocalStore;
  readonly engine: Engine;
  readonly options: Options;
  /** What the user should know of where stages run, in sentences. */
  readonly notices: Observable<string>;
  /** What is done once a setting has been run. */
  finish(session: Session, targets: readonly StageNode[]): Promise<void>;
}

/** The pipeline under one setting, with what of it is run. */
export interface OwnPipelineView extends PipelineView {
  readonly pipeline: Pipeline;
  readonly targets: readonly StageNode[];
}

/** The parameter that names files: those of the machine are no page's business. */
const FILES = "recordings";

/**
 * What the server needs, of what the command line has.
 *
 * @throws BadInput where the configuration cannot be used
 */
export async function workbenchOf(surroundings: Surroundings): Promise<Workbench & Ending> {
  const { code, store, engine, options } = surroundings;
  const layers = await layersOf(options, code);
  const { configuration } = configure(layers, code);
  const parameters = [...parametersOf(code.configurationSchema).values()].map((parameter) =>
    infoOf(parameter, configuration),
  );
  const endings = new Set<Promise<void>>();

  return {
    info: { version: version(), parameters, profile: options.profile ?? "default" },

    async bench(setting): Promise<OwnPipelineView | Faults> {
      try {
        const own: Layer = { origin: "page", values: setting };
        const pipeline = await pipelineOf(configure([...layers, own], code), code);
        return benchOf(setting, pipeline, targetsIn(pipeline.graph, options.names), surroundings);
      } catch (thrown) {
        if (isError(thrown, BadInput)) return { faults: thrown.message.split("\n") };
        throw thrown;
      }
    },

    follow: (benches: Observable<OwnPipelineView>) =>
      defer(() => {
        let latest: OwnPipelineView | undefined;
        let current: { readonly session: Session; readonly recorder: Recorder } | undefined;
        const end = (isDone = false): void => {
          if (!current) return;
          const { session, recorder } = current;
          current = undefined;
          const targets = latest!.targets;
          const ending = recorder
            .end()
            .then(() => (isDone ? surroundings.finish(session, targets) : undefined))
            .catch((thrown: Error) => tell(sentenceOf(thrown))) // the page goes on all the same
            .finally(() => endings.delete(ending));
          endings.add(ending);
        };
        const revisionOf = (bench: OwnPipelineView): Revision => {
          const changes = latest ? configurationChanges(latest.pipeline, bench.pipeline) : [];
          latest = bench;
          return { targets: bench.targets, changes };
        };
        return engine
          .follow(benches.pipe(map(revisionOf)), { keepGoing: true, interactiveBelow: INTERACTIVE_BELOW })
          .pipe(
            withRemedies(),
            withWarnings(() => latest!.pipeline.leftOut),
            withNotices(surroundings.notices),
            tap((event) => {
              if (event.event === "revision") {
                end();
                const session = sessionOf(
                  latest!.pipeline,
                  () => store,
                  () => engine,
                );
                current = { session, recorder: new Recorder(session, latest!.targets) };
              }
              current?.recorder.note(event);
              if (event.event === "summary") end(true);
            }),
            finalize(() => end()),
          );
      }),

    artifact: (content) => saying(async () => (store.has(content) ? store.load(content) : undefined)),
    params: (key) => store.result(key)?.preImage.params,

    async end() {
      await Promise.all(endings);
    },
  };
}

export interface Ending {
  /** Settles when all that was run is in the history. */
  end(): Promise<void>;
}

function benchOf(
  setting: Setting,
  pipeline: Pipeline,
  targets: readonly StageNode[],
  { store, engine }: Surroundings,
): OwnPipelineView {
  const nodes = ancestors(targets).filter((node) => node.kind === "stage");
  const nodeOf = (stage: string) => nodes.find(({ name }) => name === stage)!;
  return {
    setting,
    pipeline,
    targets,
    graph: nodes.map((node) => ({
      name: node.name,
      needs: Object.values(node.inputs).flatMap(({ kind, name }) => (kind === "stage" ? [name] : [])),
      isGrid: isGrid(node),
    })),
    async partial(stage) {
      const node = nodeOf(stage);
      return isGrid(node) ? saying(async () => partialOf(node, await engine.plan([node]), store)) : undefined;
    },
    async why(stage) {
      const node = nodeOf(stage);
      const plan = await engine.plan([node]);
      const nodeState = plan.states.get(node)!;
      const preImage = "key" in nodeState ? store.result(nodeState.key)?.preImage : undefined;
      const cost = costOf(plan, store, secondsByStage(resultsIn(store.tables)), ancestors([node]));
      return {
        sentences: whyText(node, plan, store, cost).split("\n"),
        ...(preImage && { preImage: preImage as unknown as Json }),
      };
    },
    async exported(stage, format: Format) {
      const node = nodeOf(stage);
      const nodeState = (await engine.plan([node])).states.get(node)!;
      if (nodeState.state !== "fresh") return undefined;
      const [artifact, result] = [
        await saying(() => store.load(nodeState.content)),
        store.result(nodeState.key)!,
      ];
      return formats[format]({ node, result, artifact });
    },
  };
}

export function infoOf(parameter: Parameter, configuration: Configuration): ParameterInfo {
  const { path, unit, description, type, choices, minimum, maximum } = parameter;
  return {
    ...{ path, unit, description, type, choices, requirement: requirementOf(parameter) },
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    base: valueAt(configuration, path) ?? null,
    fixed: path === FILES,
  };
}
