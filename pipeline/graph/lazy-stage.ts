import type { Artifact } from "../artifact/artifact.ts";
import type { Stage } from "./stage.ts";

/**
 * A stage whose module is loaded when the stage first runs. Graphs can place it and find its results without, so
 * that a program which finds everything up to date does not wait for packages that take long to load.
 *
 * @param declared what graphs need of it, as the module has it too
 * @param module imports it: its default export is the stage
 */
export function lazyStage<P, I extends Readonly<Record<string, Artifact>>, A extends Artifact>(
  declared: Pick<Stage<P, I, A>, "id" | "params" | "policy">,
  module: () => Promise<{ readonly default: Stage<P, I, A> }>,
): Stage<P, I, A> {
  let isLoaded = false;
  const stage: Stage<P, I, A> = {
    ...declared,
    async load() {
      const whole = (await module()).default;
      const isNew = !isLoaded;
      isLoaded = true;
      if (isNew) Object.assign(stage, whole);
      return isNew;
    },
    async run(context) {
      await stage.load?.();
      return stage.run(context);
    },
  };
  return stage;
}
