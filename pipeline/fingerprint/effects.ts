import { type Declaration, type Declarations, reachedFrom } from "./declarations.ts";
import { runsLater } from "./mutation.ts";
import { isFunction } from "./scopes.ts";

/**
 * The parts of a module that count besides those a stage's value needs: what is evaluated with the module and
 * may change what the value needs, or the world around.
 *
 * A statement that is no declaration counts, unless all it does is to change something that is not needed. A
 * declaration that is not needed counts only where it changes something that is. Packages are believed not to
 * change what they are given.
 *
 * @param value the part that the stage is
 */
export function effectsOn(value: Declaration, program: Declarations): Set<Declaration> {
  const { parts, partOf } = program;
  const effects = new Set<Declaration>();
  const changes = new Map<Declaration, ReadonlySet<Declaration>>();
  for (;;) {
    const needed = reachedFrom([value, ...effects], partOf);
    const more = parts.filter((part) => !needed.has(part) && counts(part, needed));
    if (more.length === 0) return effects;
    for (const part of more) effects.add(part);
  }

  function counts(part: Declaration, needed: ReadonlySet<Declaration>): boolean {
    if (part.declares.length === 0 && !amends(part, program)) return true;
    const changed = changes.get(part) ?? changedBy(part, program);
    changes.set(part, changed);
    return [...changed].some((other) => needed.has(other));
  }
}

/** Whether a statement does nothing but to change one thing of the module, as `list.push(1)` does. */
function amends({ node, mutations: [mutation] }: Declaration, program: Declarations): boolean {
  if (node.type !== "ExpressionStatement") return false;
  return (
    mutation?.node === node.expression &&
    typeof mutation.of === "object" &&
    "kind" in mutation.of &&
    program.partOf.has(mutation.of)
  );
}

/** What evaluating a part may change, by itself or by the functions that it calls. */
function changedBy(part: Declaration, program: Declarations): Set<Declaration> {
  const changed = new Set<Declaration>();
  if (isFunction(part.node)) return changed;
  const evaluated = part.callsAtOnce ? reachedFrom([part], program.partOf) : new Set([part]);
  for (const { mutations } of evaluated) {
    for (const { of, node: site } of mutations) {
      if (of === "global" || (!part.callsAtOnce && runsLater(site, program))) continue;
      if (of !== undefined && "kind" in of && program.isOfModule(of)) {
        const target = program.partOf.get(of);
        if (target) changed.add(target);
      } else if (of === undefined || "owner" in of || of.kind === "parameter") {
        for (const handed of evaluated) changed.add(handed); // it may have been given any of them
      }
    }
  }
  changed.delete(part);
  return changed;
}
