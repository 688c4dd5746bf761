import type { LocalStore } from "../../cache/index.ts";
import { BadInput } from "../../pipeline/errors.ts";

/**
 * The content that the beginning of a key, or of a content hash, stands for.
 *
 * @throws BadInput where there is none, or several
 */
export function contentNamed(prefix: string, store: LocalStore): string {
  const { results, artifacts } = store.tables;
  const isHash = /^[0-9a-f]{1,64}$/.test(prefix);
  const keys = isHash ? results.keys(prefix) : [];
  const contents = isHash ? artifacts.keys(prefix) : [];
  const found = new Set([...keys.map((key) => store.result(key)!.content), ...contents]);
  const [content] = found;
  if (content === undefined) {
    throw new BadInput(`No key or content begins with ${prefix || '""'}: mesoflow cache ls lists them.`);
  }
  if (found.size > 1) throw new BadInput(`${found.size} results begin with ${prefix}: give more of it.`);
  if (!store.has(content))
    throw new BadInput(`The result ${prefix} is described, but its arrays are no longer stored.`);
  return content;
}
