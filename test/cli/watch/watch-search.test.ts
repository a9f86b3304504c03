import { expect, it } from 'vitest';
import { watchSearch } from '../../../src/cli/watch/watch-search.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const disk = new Set(['/a.luau', '/b.luau']);
  let searches = 0;
  let tell: (paths: ReadonlySet<string>) => void = () => undefined;
  const files = {
    setPaths: () => undefined,
    nextChange: (signal: AbortSignal) =>
      new Promise<ReadonlySet<string>>((resolve, reject) => {
        tell = resolve;
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    takeChanges: () => new Set<string>(),
    close: () => undefined,
  };
  const find = async () => {
    searches++;
    // A large tree takes its time.
    await clock.advance(200);
    return new Set(disk);
  };
  const search = watchSearch(files, { clock, find });
  search.setFound(new Set(disk));
  const stop = new AbortController();
  return {
    clock,
    disk,
    search,
    stop,
    countSearches: () => searches,
    tell: (path: string) => tell(new Set([path])),
  };
}

it.each([
  ['appears', (disk: Set<string>) => disk.add('/new.luau'), ['/new.luau']],
  ['goes', (disk: Set<string>) => disk.delete('/b.luau'), ['/b.luau']],
])('tells of a file that %s', async (_name, change, expected) => {
  const { clock, disk, search, stop } = setUp();
  const next = search.nextChange(stop.signal);
  await clock.advance(1_000);
  change(disk);
  await clock.advance(10_000);
  expect([...(await next)]).toEqual(expected);
});

it('tells of a change to a file that was there, and then searches no more', async () => {
  const { clock, search, stop, tell, countSearches } = setUp();
  const next = search.nextChange(stop.signal);
  await clock.advance(1_000);
  tell('/a.luau');
  expect([...(await next)]).toEqual(['/a.luau']);
  const count = countSearches();
  await clock.advance(60_000);
  expect(countSearches()).toBe(count);
});

it('spends a twentieth of the time on searching', async () => {
  const { clock, search, stop, countSearches } = setUp();
  const next = search.nextChange(stop.signal);
  await clock.advance(60_000);
  expect(countSearches()).toBeLessThan(60 / 4 + 1);
  stop.abort(new Error('stop'));
  await expect(next).rejects.toThrow('stop');
});

it('searches for nothing where the words are files', async () => {
  const { clock, search, stop, countSearches } = setUp();
  search.setFound(null);
  const next = search.nextChange(stop.signal);
  await clock.advance(60_000);
  expect(countSearches()).toBe(0);
  stop.abort(new Error('stop'));
  await expect(next).rejects.toThrow('stop');
});
