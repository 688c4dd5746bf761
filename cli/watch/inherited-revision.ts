/** Hooks of Node's module loader, as `module.register` takes them: they run in a thread of their own. */
import type { InitializeHook, ResolveHook } from "node:module";

/** The folders whose modules have revisions, as URLs. */
let folders: readonly string[] = [];

export const initialize: InitializeHook<readonly string[]> = (given) => {
  folders = given;
};

/**
 * Modules of these folders are of the revision of the module that imports them: what is imported as
 * `cortex.js?revision=2` loads anew with all that it imports there, and shares everything else.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await next(specifier, context);
  const revision = context.parentURL && new URL(context.parentURL).searchParams.get("revision");
  if (!revision || !folders.some((folder) => resolved.url.startsWith(folder))) return resolved;
  const url = new URL(resolved.url);
  url.searchParams.set("revision", revision);
  return { ...resolved, url: url.href };
};
