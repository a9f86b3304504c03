import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import Watchpack from 'watchpack';
import { type WatchedFiles, watchFiles } from '../../../src/cli/watch/watch-files.ts';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const NEVER = new AbortController().signal;
const LONG_AGO = new Date('2020-01-01');

const leftovers: (() => void)[] = [];
afterEach(() => {
  for (const remove of leftovers.splice(0)) remove();
});

interface Place {
  files: WatchedFiles;
  at(name: string): string;
  write(name: string, text?: string): void;
  remove(name: string): void;
  setNames(names: readonly string[], sinceMs?: number): void;
  /** The names of the next report, sorted. */
  next(signal?: AbortSignal): Promise<string[]>;
  /** Says with the next report that nothing else was seen before it. */
  expectQuiet(): Promise<void>;
}

/** A directory of its own with `existing` files in it, and a watch on `names`. */
function open(existing: readonly string[], names: readonly string[], clock: Clock = systemClock): Place {
  const root = mkdtempSync(join(tmpdir(), 'luau-exec-watch-'));
  const files = watchFiles(clock);
  leftovers.push(
    () => files.close(),
    () => rmSync(root, { recursive: true, force: true }),
  );
  const at = (name: string) => join(root, name);
  let watched = names;
  const place: Place = {
    files,
    at,
    write(name, text = 'return 1') {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), text);
    },
    remove: (name) => rmSync(at(name), { recursive: true }),
    setNames(next, sinceMs = Date.now()) {
      watched = next;
      files.setPaths(new Set(next.map(at)), sinceMs);
    },
    async next(signal = NEVER) {
      return [...(await files.nextChange(signal))].map((path) => relative(root, path)).sort();
    },
    async expectQuiet() {
      place.setNames([...watched, 'sentinel']);
      place.write('sentinel', `${Math.random()}`);
      expect(await place.next()).toEqual(['sentinel']);
    },
  };
  for (const name of existing) {
    place.write(name);
    utimesSync(at(name), LONG_AGO, LONG_AGO);
  }
  place.setNames(names);
  return place;
}

describe('a change', () => {
  it('is a write, each time', async () => {
    const { write, next } = open(['a.luau', 'b.luau'], ['a.luau', 'b.luau']);
    write('a.luau', 'return 2');
    expect(await next()).toEqual(['a.luau']);
    write('a.luau', 'return 3');
    write('b.luau', 'return 3');
    expect(await next()).toEqual(['a.luau', 'b.luau']);
  });

  it('is another file renamed to its name, each time', async () => {
    const { write, at, next } = open(['a.luau'], ['a.luau']);
    for (const text of ['return 2', 'return 3', 'return 4']) {
      write('a.luau.tmp', text);
      renameSync(at('a.luau.tmp'), at('a.luau'));
      expect(await next()).toEqual(['a.luau']);
    }
  });

  it('is an older file moved to its name', async () => {
    const { at, next } = open(['a.luau', 'older.luau'], ['a.luau']);
    utimesSync(at('older.luau'), new Date('2019-01-01'), new Date('2019-01-01'));
    renameSync(at('older.luau'), at('a.luau'));
    expect(await next()).toEqual(['a.luau']);
  });

  it.each([
    ['to its name', ['a.luau', 'older.luau']],
    ['to a name where nothing was', ['older.luau']],
  ])('is an older file moved %s just before it is looked at', async (_case, existing) => {
    const { at, next, setNames } = open(existing, []);
    utimesSync(at('older.luau'), new Date('2019-01-01'), new Date('2019-01-01'));
    const watch = vi.spyOn(Watchpack.prototype, 'watch');
    leftovers.push(() => watch.mockRestore());
    watch.mockImplementationOnce(function (this: InstanceType<typeof Watchpack>, ...given: unknown[]) {
      renameSync(at('older.luau'), at('a.luau'));
      return Reflect.apply(Watchpack.prototype.watch, this, given);
    });
    setNames(['a.luau']);
    expect(await next()).toEqual(['a.luau']);
  });

  it('is its deletion and its creation', async () => {
    const { write, remove, next } = open(['a.luau'], ['a.luau']);
    remove('a.luau');
    expect(await next()).toEqual(['a.luau']);
    write('a.luau');
    expect(await next()).toEqual(['a.luau']);
    remove('a.luau');
    write('a.luau');
    expect(await next()).toEqual(['a.luau']);
    write('a.luau', 'return 2');
    expect(await next()).toEqual(['a.luau']);
  });

  it('is the creation of a missing file, of several in one directory too', async () => {
    const { write, next } = open([], ['a.luau', 'b.luau']);
    write('a.luau');
    expect(await next()).toEqual(['a.luau']);
    write('b.luau');
    expect(await next()).toEqual(['b.luau']);
  });

  it('is the creation of a missing file in a missing directory', async () => {
    const { write, at, next } = open(['other'], ['lib/deep/a.luau']);
    mkdirSync(at('lib/deep'), { recursive: true });
    write('lib/deep/other.luau');
    write('lib/deep/a.luau');
    expect(await next()).toEqual(['lib/deep/a.luau']);
    write('lib/deep/a.luau', 'return 2');
    expect(await next()).toEqual(['lib/deep/a.luau']);
  });

  it('is the creation of a file where its directory was a file', async () => {
    const { write, remove, next } = open(['lib'], ['lib/init.luau']);
    remove('lib');
    write('lib/init.luau');
    expect(await next()).toEqual(['lib/init.luau']);
  });

  it('is a directory that appears, goes, or makes way for a file', async () => {
    const { at, write, remove, next, expectQuiet } = open(['a.luau'], ['a.luau', 'b', 'c.luau']);
    await expectQuiet();
    mkdirSync(at('b'));
    mkdirSync(at('c.luau'));
    expect(await next()).toEqual(['b', 'c.luau']);
    await expectQuiet();
    remove('b');
    expect(await next()).toEqual(['b']);
    remove('c.luau');
    write('c.luau');
    expect(await next()).toEqual(['c.luau']);
  });

  it('is that of the file behind a symbolic link', async () => {
    const { write, at, next, setNames } = open(['real/target.luau'], []);
    symlinkSync(at('real/target.luau'), at('link.luau'));
    setNames(['link.luau']);
    write('real/target.luau', 'return 2');
    expect(await next()).toEqual(['link.luau']);
  });

  it('is seen in a directory that was deleted and made again at once', async () => {
    const { write, remove, next } = open(['lib/deep/a.luau'], ['lib/deep/a.luau']);
    for (const text of ['return 2', 'return 3']) {
      remove('lib');
      write('lib/deep/a.luau', text);
      expect(await next()).toEqual(['lib/deep/a.luau']);
      write('lib/deep/a.luau', `${text} + 1`);
      expect(await next()).toEqual(['lib/deep/a.luau']);
    }
  });
});

describe('what is no change', () => {
  it('is a file beside it, and one whose name begins alike', async () => {
    const { write, remove, expectQuiet } = open(['a.luau'], ['a.luau']);
    write('a.luau.bak');
    write('b.luau');
    remove('b.luau');
    await expectQuiet();
  });

  it('is what lies in a directory, which may have been made a moment ago', async () => {
    const { write, setNames, expectQuiet } = open(['lib/a.luau'], []);
    setNames(['lib', 'lib/a.luau']);
    write('lib/other.luau');
    write('lib/below/other.luau');
    await expectQuiet();
  });

  it('is a path that is not watched any more', async () => {
    const { write, setNames, expectQuiet } = open(['a.luau', 'b.luau'], ['a.luau', 'b.luau']);
    setNames(['b.luau']);
    write('a.luau', 'return 2');
    await expectQuiet();
  });

  it('is a file that is there, or not, when watching begins', async () => {
    const { setNames, expectQuiet } = open(['a.luau', 'b.luau'], ['a.luau', 'none/c.luau']);
    setNames(['a.luau', 'b.luau', 'none/c.luau', 'd.luau']);
    await expectQuiet();
  });
});

describe('a report', () => {
  it('is one for two writes', async () => {
    const { write, next, expectQuiet } = open(['a.luau'], ['a.luau']);
    write('a.luau', '');
    write('a.luau', 'return 2');
    expect(await next()).toEqual(['a.luau']);
    await expectQuiet();
  });

  it('has what changed while nobody waited', async () => {
    const { files, write, at } = open(['a.luau'], ['a.luau']);
    write('a.luau', 'return 2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await files.nextChange(NEVER)).toEqual(new Set([at('a.luau')]));
  });

  it('has what was written between its reading and its watching', async () => {
    const { write, next, setNames } = open(['a.luau', 'b.luau'], []);
    const readMs = Date.now();
    write('b.luau', 'return 2');
    setNames(['a.luau', 'b.luau'], readMs);
    expect(await next()).toEqual(['b.luau']);
  });

  it('has nothing of what is not watched any more', async () => {
    const { files, write, setNames, expectQuiet } = open(['a.luau', 'b.luau'], ['a.luau', 'b.luau']);
    write('a.luau', 'return 2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    setNames(['b.luau']);
    expect(files.takeChanges()).toEqual(new Set());
    await expectQuiet();
  });

  it('can be taken without waiting, once', async () => {
    const { files, write, at } = open(['a.luau'], ['a.luau']);
    expect(files.takeChanges()).toEqual(new Set());
    write('a.luau', 'return 2');
    await vi.waitFor(() => expect(files.takeChanges()).toEqual(new Set([at('a.luau')])), 10_000);
    expect(files.takeChanges()).toEqual(new Set());
  });

  it('waits for quiet, but not for ever', async () => {
    const clock = new FakeClock();
    const { write, next } = open(['a.luau'], ['a.luau'], clock);
    const reporting = next();
    let isReported = false;
    void reporting.finally(() => {
      isReported = true;
    });
    write('a.luau', 'return 2');
    await vi.waitFor(() => expect(clock.pendingSleeps).toBe(1), 10_000);
    await clock.advance(99);
    expect(isReported).toBe(false);
    const beginMs = clock.now() - 99;
    while (!isReported) {
      write('a.luau', `return ${clock.now()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      await clock.advance(50);
    }
    expect(await reporting).toEqual(['a.luau']);
    expect(clock.now() - beginMs).toBeLessThan(1_100);
  });

  it('is not lost when its wait is called off', async () => {
    const { write, next } = open(['a.luau'], ['a.luau']);
    const reason = new Error('stopped');
    const stopping = new AbortController();
    const waiting = next(stopping.signal);
    write('a.luau', 'return 2');
    stopping.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(next(stopping.signal)).rejects.toBe(reason);
    expect(await next()).toEqual(['a.luau']);
  });
});
