import { resolve } from "node:path";
import type { StageNode } from "../../pipeline/index.ts";
import { ancestors } from "../../pipeline/inspect.ts";
import type { Configuration } from "../../stages/configuration.ts";
import { settingsOf } from "../configuration/configuration.ts";
import type { Options } from "../options.ts";
import { type Pipeline, pipelineOf } from "../session/session.ts";
import { targetsIn } from "../session/targets.ts";
import { CodeOnDisk, type CodeState } from "./code-on-disk.ts";
import { configurationFiles } from "./configuration-files.ts";
import { RecordingsOnDisk } from "./recordings-on-disk.ts";
import { type WatchSet, watchSetOf } from "./watch-set.ts";

/** All that a run depends on, at one moment. */
export interface State extends Pipeline {
  readonly code: CodeState;
  readonly targets: readonly StageNode[];
  /** Hashes of the recordings' bytes, by path. */
  readonly contents: ReadonlyMap<string, string>;
}

/** Looks up the state of all that is watched. */
export class StateOnDisk {
  readonly #options: Options;
  readonly #code = new CodeOnDisk();
  readonly #recordings = new RecordingsOnDisk();
  #files: readonly string[];
  #patterns: Configuration["recordings"];

  constructor(options: Options) {
    this.#options = options;
    this.#files = options.config === undefined ? [] : [resolve(options.config)];
  }

  /**
   * The state there is now. It waits until files that are being written have come to rest.
   *
   * @throws BadInput where configuration, recordings or code cannot be used; AbortError where the signal says so
   */
  async now(signal: AbortSignal): Promise<State> {
    const { config, names } = this.#options;
    if (config !== undefined) this.#files = await configurationFiles(config);
    const code = await this.#code.now();
    const settings = await settingsOf(this.#options, code);
    this.#patterns = settings.configuration.recordings;
    const pipeline = await pipelineOf(settings, code);
    const targets = targetsIn(pipeline.graph, names);
    ancestors(targets); // throws here, where the code can be blamed, rather than when it is planned
    const paths = pipeline.recordings.map(({ path }) => path);
    return { ...pipeline, code, targets, contents: await this.#recordings.contents(paths, signal) };
  }

  /** Where that came from when it was last looked up, and where it will come from when it is repaired. */
  watchSet(): Promise<WatchSet> {
    return watchSetOf(this.#files, this.#patterns);
  }
}
