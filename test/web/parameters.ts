import { configure } from "../../cli/configuration/configuration.ts";
import { parametersOf } from "../../cli/configuration/parameter-schema.ts";
import { infoOf } from "../../cli/serve/workbench.ts";
import { configurationSchema } from "../../stages/configuration.ts";

const { configuration } = configure([], { configurationSchema });

/** The parameters as a page is told of them, with nothing set. */
export const parameters = [...parametersOf(configurationSchema).values()].map((parameter) =>
  infoOf(parameter, configuration),
);
