/**
 * How figures word names and numbers, so that their page words them the same. Only a report asks for it, and of the
 * figures' room it takes two small modules, not what draws.
 */
export const { withMinus } = await import("../../figures/number.ts");
export const { names, parameters, plain } = await import("../../figures/parameters.ts");
