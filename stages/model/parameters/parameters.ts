/** The ring's parameters that are inferred from recordings, in the order of the scan's axes. */
export const parameters = ["v_c", "l_stim", "l_exc", "l_inh", "tau2", "tau1"] as const;
export type Parameter = (typeof parameters)[number];

/** Something of each parameter. */
export const eachParameter = <T>(of: (name: Parameter, axis: number) => T): Record<Parameter, T> =>
  Object.fromEntries(parameters.map((name, axis) => [name, of(name, axis)])) as Record<Parameter, T>;
