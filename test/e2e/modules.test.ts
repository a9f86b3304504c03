import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, collect, NODE, useWorkplaces } from '../helpers/bin.ts';

const open = useWorkplaces();

/** A script with modules of every kind: a directory's, data, one behind `.luaurc` and one behind `.config.luau`. */
const PROJECT = {
  'package.json': '{}',
  'app/main.luau': [
    'local players = require("./lib")',
    'local text = require("@texts/greeting")',
    'local price = require("@shop/price")',
    'print(text, price)',
    'return { count = players.count(), greeting = text, price = price }',
    '',
  ].join('\n'),
  'app/.luaurc': '{ "aliases": { "texts": "../texts" } } // the other one is further up\n',
  'app/lib/players.luau':
    'local names = require("./names.json")\nreturn { count = function() return #names end }\n',
  'app/lib/names.json': '["Ada", "Grace"]\n',
  'app/lib/init.luau': 'return require("@self/players")\n',
  'texts/greeting.luau': 'return require("./greeting.txt")\n',
  'texts/greeting.txt': 'hello',
  '.config.luau':
    'local aliases = {}\nfor _, name in { "shop" } do aliases[name] = "./" .. name .. "s" end\nreturn { luau = { aliases = aliases } }\n',
  'shops/price.luau': '--!strict\nexport type Price = number\nlocal price: Price = 7\nreturn price\n',
};
const VALUE = { count: 2, greeting: 'hello', price: 7 };

describe('a script with modules in a process of its own', () => {
  it('finds them all, from whichever directory it is named', async () => {
    const place = open();
    place.write(PROJECT);
    const result = await place.run(['run', 'app/main.luau', '--local', '-q']);
    expect(result).toMatchObject({ exitCode: 0, stderr: 'hello 7\n' });
    expect(JSON.parse(result.stdout)).toEqual(VALUE);
    for (const [cwd, name] of [
      ['app', 'main.luau'],
      ['texts', '../app/main.luau'],
      ['/', join(place.directory, 'app/main.luau')],
    ] as const) {
      const child = spawn(NODE, [BIN, 'run', name, '--local', '-q'], {
        cwd: resolve(place.directory, cwd),
        env: place.environment,
      });
      child.stdin.end();
      expect(await collect(child)).toEqual(result);
    }
  });

  it('is told through a pipe that nobody reads to its end, with the code of the run', async () => {
    const place = open();
    place.write({
      'main.luau': 'return require("./lib")(), require("./lib")(), require("./lib")()\n',
      'lib.luau': 'return function() return string.rep("x", 300000) end\n',
    });
    const command = `"${NODE}" "${BIN}" run main.luau --local -q; echo "code $?" >&2`;
    const shell = spawn('bash', ['-c', `{ ${command}; } | head -1 | wc -c`], {
      cwd: place.directory,
      env: place.environment,
    });
    shell.stdin.end();
    expect(await collect(shell)).toMatchObject({
      stdout: expect.stringMatching(/300003/),
      stderr: 'code 0\n',
    });
  });

  it('has no syntax error when it is sent', async () => {
    const place = open();
    place.write({ ...PROJECT, 'shops/price.luau': 'local price = \nreturn price\n' });
    const result = await place.run(['run', 'app/main.luau', '--local']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(/^error: shops\/price\.luau:2:1: syntax error: .*got 'return'\n/);
    expect(result.stderr).toContain('\n  shops/price.luau is required by app/main.luau:3\n');
    expect(result.stderr).toContain('> 2 | return price\n    | ^\n');
    expect(result.stderr).not.toContain('submitting');
  });

  it('fails at the line of the module', async () => {
    const place = open();
    place.write({
      ...PROJECT,
      'app/lib/players.luau': 'return {\n  count = function() return #nil end,\n}\n',
    });
    const result = await place.run(['run', 'app/main.luau', '--local', '-q']);
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain('error: app/lib/players.luau:2: attempt to get length of a nil value\n');
    expect(result.stderr).toContain('> 2 |   count = function() return #nil end,\n');
    expect(result.stderr).toContain('  at app/lib/players.luau:2 in count\n  at app/main.luau:5\n');
  });

  it('is checked, together with others', async () => {
    const place = open();
    place.write({ ...PROJECT, 'bad.luau': 'return 1 +\n', 'lost.luau': 'return require("@shop/gone")\n' });
    const result = await place.run(['check', 'bad.luau', 'app/main.luau', 'lost.luau']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr.match(/^(?:error: .*|.*fine)$/gm)).toEqual([
      'error: bad.luau:2:1: syntax error: Expected identifier when parsing expression, got <eof>',
      'app/main.luau is fine',
      'error: lost.luau:1:8: there is no module shops/gone',
    ]);
    expect(await place.run(['check', 'app/main.luau'])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('comes to the same as its bundle', async () => {
    const place = open();
    place.write(PROJECT);
    const bundled = await place.run(['bundle', 'app/main.luau', '--map', 'lines.json']);
    expect(bundled).toMatchObject({ exitCode: 0, stderr: '' });
    writeFileSync(join(place.directory, 'bundled.luau'), bundled.stdout);
    const [fromFiles, fromBundle] = [
      await place.run(['run', 'app/main.luau', '--local', '-q']),
      await place.run(['run', 'bundled.luau', '--local', '-q']),
    ];
    expect(fromBundle).toEqual(fromFiles);
    expect(fromFiles).toMatchObject({ exitCode: 0, stderr: 'hello 7\n' });
  });
});

describe('a .config.luau that does not end', () => {
  const ENDLESS = {
    '.config.luau': 'while true do end\n',
    'main.luau': 'return require("@shop/price")\n',
  };

  it('is given up after two seconds, and nothing is sent', async () => {
    const place = open();
    place.write(ENDLESS);
    const startMs = performance.now();
    const result = await place.run(['run', 'main.luau', '--local']);
    const tookMs = performance.now() - startMs;
    expect(result).toMatchObject({ exitCode: 2, signal: null, stdout: '' });
    expect(result.stderr).toMatch(/^error: main\.luau:1:8: \.config\.luau: it did not finish within 2 s\n/);
    expect(tookMs).toBeGreaterThan(2_000);
    expect(tookMs).toBeLessThan(10_000);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('does not keep %s from ending the process', async (signal) => {
    const place = open();
    place.write(ENDLESS);
    const pipe = join(place.directory, 'args.json');
    execFileSync('mkfifo', [pipe]);
    const child = place.start(['run', 'main.luau', '--local', '-q', '--args', pipe]);
    const ended = collect(child);
    child.stdin.end();
    // Resolves when the program opens it too, which is the last thing before it looks for modules.
    const writer = await openFile(pipe, 'w');
    await writer.writeFile('{}');
    await writer.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const startMs = performance.now();
    child.kill(signal);
    expect(await ended).toMatchObject({ exitCode: null, signal, stdout: '', stderr: 'error: stopped\n' });
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });
});

it.skipIf(process.platform === 'win32')('many scripts do not keep a signal from ending a check', async () => {
  const place = open();
  place.write({ 'a.luau': 'return 1\n' });
  const scripts = Array.from({ length: 5_000 }, () => 'a.luau');
  const child = place.start(['check', ...scripts]);
  const ended = collect(child);
  child.stdin.end();
  child.stderr.once('data', () => child.kill('SIGINT'));
  const { signal, stderr } = await ended;
  expect(signal).toBe('SIGINT');
  expect(stderr).toMatch(/\nerror: stopped\n$/);
  expect(stderr.split('\n').length).toBeLessThan(scripts.length);
});
