import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createPrinter } from '../../src/cli/printer.ts';
import type { Context } from '../../src/context.ts';
import { createGithubGuard } from '../../src/output/github-guard.ts';
import type { OutputFormat } from '../../src/output/output-choice.ts';
import type { RunEvent } from '../../src/task/run-event.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { MemoryKeyring } from '../helpers/memory-keyring.ts';
import { MemoryStream } from '../output/memory-stream.ts';

/** The printer of a call with one output, on memory. */
async function open(format: OutputFormat) {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const [stdout, stderr] = [new MemoryStream(), new MemoryStream()];
  const context: Context = {
    ...{ stdin: Readable.from([]), stdout, stderr, env: {}, clock, signal, keyring: new MemoryKeyring() },
    ...{ cwd: '/work', homeDirectory: null, platform: 'linux', nodeVersion: '22.12.0' },
    takeSecondStop: () => signal,
    stream: () => Promise.reject(new Error('nothing is sent')),
    exchange: () => Promise.reject(new Error('nothing is sent')),
  };
  const guard = createGithubGuard({ isActive: false });
  const redact = (text: string) => text;
  const choices = [{ format, file: null }];
  const printer = await createPrinter({ context, choices, guard, redact, options: {}, isRun: true });
  return { clock, stdout, stderr, printer };
}

function transfer(title: string, isDone = false): RunEvent {
  return { type: 'transfer', transfer: { title, doneBytes: isDone ? 2e6 : 0, totalBytes: 2e6, isDone } };
}

it('tells programs what belongs to all runs, and what to one', async () => {
  const { stdout, stderr, printer } = await open('ndjson');
  const { runs, all } = printer.trackRuns(['a.luau', 'b.luau']);
  all(transfer('uploading game.rbxl'));
  all(transfer('uploading game.rbxl', true));
  runs[1]?.(transfer('uploading in.bin'));
  // What was noted before is written before.
  await printer.printData('{}\n');
  const events = stdout.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toEqual([
    expect.objectContaining({ run: null, script: null, transfer: 'uploading game.rbxl', done: false }),
    expect.objectContaining({ run: null, script: null, transfer: 'uploading game.rbxl', done: true }),
    expect.objectContaining({ run: 1, script: 'b.luau', transfer: 'uploading in.bin', done: false }),
    {},
  ]);
  expect(stderr.text).toBe('');
});

it.each<OutputFormat>(['human', 'github'])('%s has lines of them', async (format) => {
  const { clock, stdout, stderr, printer } = await open(format);
  const { runs, all } = printer.trackRuns(['a.luau', 'b.luau']);
  all(transfer('uploading game.rbxl'));
  runs[1]?.(transfer('uploading in.bin'));
  await clock.advance(2_000);
  all(transfer('uploading game.rbxl', true));
  expect(stderr.text).toBe(
    [
      'uploading game.rbxl (1.9 MiB)\n',
      'b.luau: uploading in.bin (1.9 MiB)\n',
      'uploaded game.rbxl (1.9 MiB in 2 s)\n',
    ].join(''),
  );
  expect(stdout.text).toBe('');
});

it.each<OutputFormat>(['json', 'junit'])('%s has nothing of them', async (format) => {
  const { stdout, stderr, printer } = await open(format);
  const { runs, all } = printer.trackRuns([null]);
  for (const listen of [all, ...runs]) {
    listen(transfer('uploading game.rbxl'));
    listen(transfer('uploading game.rbxl', true));
  }
  await printer.printData('end\n');
  expect([stdout.text, stderr.text]).toEqual(['end\n', '']);
});
