import type { Fingerprint, Stage } from "../../pipeline/index.ts";
import { configurationSchema, profiles } from "../../stages/configuration.ts";
import { cortex } from "../../stages/cortex.ts";
import { stages } from "../../stages/registry.ts";

/** What the command line needs of the stages' modules. */
export interface Modules {
  readonly cortex: typeof cortex;
  readonly stages: typeof stages;
  readonly configurationSchema: typeof configurationSchema;
  readonly profiles: typeof profiles;
}

/** The stages' modules in one state, with the fingerprints of that state. */
export interface Code extends Modules {
  fingerprint(stage: Stage): Fingerprint;
}

/** The modules that this process began with. */
export const modules: Modules = { cortex, stages, configurationSchema, profiles };
