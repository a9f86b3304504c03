import { locate } from './source-text.ts';
import type { Outline } from './syntax/outline.ts';
import type { RequireCall } from './syntax/require-calls.ts';

/** One file of a script. */
export interface SourceModule {
  /** Relative to the working directory with forward slashes; `-` or `-e` for an entry that is no file. */
  name: string;
  format: 'luau' | 'json' | 'text';
  /** Without byte order mark and shebang, except in a text file, which is taken as it is. */
  text: string;
  bytes: Uint8Array;
  /** Null for data. */
  outline: Outline | null;
  links: Link[];
  /** The `require` that first led here; null for the entry. */
  requiredBy: Link | null;
}

/** One `require` that was followed. */
export interface Link {
  from: SourceModule;
  call: RequireCall;
  path: string;
  to: SourceModule;
}

const MOST_LINKS_SHOWN = 10;

/** Who requires this module, and who that one, up to the entry. */
export function listChain(module: SourceModule): string[] {
  const chain: string[] = [];
  for (let link = module.requiredBy; link !== null; link = link.from.requiredBy) {
    chain.push(
      `${link.to.name} is required by ${link.from.name}:${locate(link.from, link.call.offset).line}`,
    );
    if (chain.length === MOST_LINKS_SHOWN) return [...chain, 'and so on, up to the script'];
  }
  return chain;
}
