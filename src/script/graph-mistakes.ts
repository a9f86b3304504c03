import type { LuauExecError } from '../errors.ts';
import { type Link, listChain, type SourceModule } from './source-module.ts';
import { createSourceError, locate } from './source-text.ts';

/** Throws LX016 for a module that certainly does not return exactly one value; the rest is found when it runs. */
export function checkReturn(module: SourceModule): void {
  const returns = module.outline?.returns;
  const link = module.requiredBy;
  if (!returns || link === null || link.call.isOptional) return;
  if (returns.some(({ canBeOneValue }) => canBeOneValue)) return;
  const [first] = returns;
  const offset = first?.offset ?? module.text.trimEnd().length;
  const what = first ? 'a module has to return exactly one value' : 'the module returns nothing';
  throw createSourceError(what, locate(module, offset), {
    id: 'LX016',
    facts: listChain(module),
    hint: 'end it with return and one value, a table for instance',
  });
}

/**
 * LX016 where modules need each other while they load, so that none can be the first; null where that is nowhere so.
 * A `require` inside a function or a block is no such need: by the time it runs, the module may be there.
 */
export function findCircle(modules: readonly SourceModule[]): LuauExecError | null {
  const done = new Set<SourceModule>();
  for (const module of modules) {
    const circle = done.has(module) ? null : searchFrom(module, done);
    if (circle) return describeCircle(circle);
  }
  return null;
}

/** Depth first, without recursion: chains of modules can be long. */
function searchFrom(start: SourceModule, done: Set<SourceModule>): Link[] | null {
  const way: { module: SourceModule; links: Iterator<Link>; by: Link | null }[] = [];
  const open = new Map<SourceModule, number>();
  const enter = (module: SourceModule, by: Link | null) => {
    open.set(module, way.length);
    way.push({ module, links: listNeeds(module), by });
  };
  enter(start, null);
  for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
    const next = top.links.next();
    if (next.done) {
      done.add(top.module);
      open.delete(top.module);
      way.pop();
      continue;
    }
    const link = next.value;
    const index = open.get(link.to);
    if (index !== undefined) return [...way.slice(index + 1).flatMap(({ by }) => by ?? []), link];
    if (!done.has(link.to)) enter(link.to, link);
  }
  return null;
}

function listNeeds({ links }: SourceModule): Iterator<Link> {
  return links.filter(({ call }) => !call.isDeferred && !call.isOptional).values();
}

function describeCircle(circle: readonly Link[]): LuauExecError | null {
  const last = circle.at(-1);
  if (!last) return null;
  const names = [last.to.name, ...circle.map(({ to }) => to.name)];
  const what =
    circle.length === 1 ? 'the module requires itself' : `modules require each other: ${names.join(' → ')}`;
  return createSourceError(what, locate(last.from, last.call.offset), {
    id: 'LX016',
    facts: [
      ...circle.map(({ from, call }) => `${from.name}:${locate(from, call.offset).line} has ${call.text}`),
      ...listChain(last.to),
    ],
    hint: 'move what both need into a module of its own, or require inside the function that needs it',
  });
}
