import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.ts';

const PICTURES = join(ROOT, 'docs', 'pictures');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const MAKE_THEM_AGAIN =
  'the program shows something else now: npm run docs:screenshots, and look at the pictures';
const names = readdirSync(PICTURES);

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function readPictures(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  );
}

it('the pictures are what the built program shows now, to the byte', { timeout: 120_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'luau-exec-pictures-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  const script = join(ROOT, 'scripts', 'screenshots', 'main.mjs');
  await promisify(execFile)(process.execPath, [script, directory]);
  expect(readPictures(directory), MAKE_THEM_AGAIN).toEqual(readPictures(PICTURES));
});

it('every picture is on a page, with words for those who cannot see it, and every one that a page names is there', () => {
  const named = PAGES.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    return [...text.matchAll(/!\[([^\]]*)\]\((?:docs\/)?pictures\/([^)]+)\)/g)];
  });
  expect([...new Set(named.map(([, , name]) => name))].sort()).toEqual(names);
  expect(named.map(([, words = '']) => words.length > 20)).not.toContain(false);
});

it.each(names)('%s is small, fetches nothing and runs nothing', (name) => {
  const text = readFileSync(join(PICTURES, name), 'utf8');
  expect(text.length).toBeLessThan(20_000);
  const drawn = new Set([...text.matchAll(/<(\w+)/g)].map(([, element]) => element));
  expect([...drawn].sort()).toEqual(['circle', 'desc', 'path', 'rect', 'style', 'svg', 'text', 'title']);
  expect(text).not.toMatch(/href|url\(|@import|<!|<\?|\son\w+=/i);
});
