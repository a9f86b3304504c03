import { describe, expect, test } from 'vitest';
import { createNdjsonRenderer } from '../../src/output/ndjson.ts';
import type { RenderOptions, RunLabel, Screen } from '../../src/output/renderer.ts';
import { plainStyle } from '../../src/output/style.ts';
import type { TransferState } from '../../src/task/run-event.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { describeSchemaProblems } from '../helpers/schemas.ts';

const screen: Screen = { style: plainStyle, isTerminal: false };
const OPTIONS: RenderOptions = {
  ...{ stdout: screen, stderr: screen, logsTo: 'none', isQuiet: false },
  ...{ verbosity: 0, hasHeadings: true, redact: (text) => text },
};
const RUN: RunLabel = { index: 1, script: 'b.luau' };
const ALL: RunLabel = { index: null, script: null };
const STATE: TransferState = {
  title: 'uploading game.rbxl',
  doneBytes: 0,
  totalBytes: 1_000,
  isDone: false,
};

function setUp() {
  const clock = new FakeClock();
  const renderer = createNdjsonRenderer({ clock });
  const lines: string[] = [];
  const note = (transfer: Partial<TransferState>, run = ALL) => {
    const event = { type: 'transfer' as const, transfer: { ...STATE, ...transfer } };
    for (const { text } of renderer.renderEvent(event, run, OPTIONS, {})) lines.push(text.trimEnd());
  };
  return { clock, lines, note };
}

describe('the events of a transfer', () => {
  test('are its beginning, one a second, and its end', async () => {
    const { clock, lines, note } = setUp();
    for (let turn = 0; turn < 25; turn++) {
      note({ doneBytes: turn * 10 });
      note({ doneBytes: turn * 10 + 1 });
      await clock.advance(100);
    }
    note({ doneBytes: 1_000 });
    note({ doneBytes: 1_000, isDone: true });
    const begin = '"type":"transfer","run":null,"script":null,"transfer":"uploading game.rbxl"';
    expect(lines).toEqual([
      `{"v":1,"seq":0,"t":0,${begin},"doneBytes":0,"totalBytes":1000,"done":false}`,
      `{"v":1,"seq":1,"t":1000,${begin},"doneBytes":100,"totalBytes":1000,"done":false}`,
      `{"v":1,"seq":2,"t":2000,${begin},"doneBytes":200,"totalBytes":1000,"done":false}`,
      `{"v":1,"seq":3,"t":2500,${begin},"doneBytes":1000,"totalBytes":1000,"done":true}`,
    ]);
  });

  test('name their run, and are as the schema says', () => {
    const { lines, note } = setUp();
    note({ title: 'downloading a\x1b.bin', totalBytes: null }, RUN);
    expect(lines).toEqual([
      '{"v":1,"seq":0,"t":0,"type":"transfer","run":1,"script":"b.luau","transfer":"downloading a\\u001b.bin","doneBytes":0,"totalBytes":null,"done":false}',
    ]);
    note({ doneBytes: 1_000, isDone: true });
    const events = lines.map((line) => JSON.parse(line));
    expect(events.flatMap((event) => describeSchemaProblems(event, 'event.v1'))).toEqual([]);
    expect(describeSchemaProblems({ ...events[0], done: 1, run: 'a', doneBytes: -1 }, 'event.v1')).toEqual([
      'event.v1/run: must be integer,null',
      'event.v1/doneBytes: must be >= 0',
      'event.v1/done: must be boolean',
      'event.v1: must match "then" schema',
    ]);
  });

  test('are paced for each run and each file, and begin anew after their end', () => {
    const { lines, note } = setUp();
    for (let turn = 0; turn < 3; turn++) {
      note({});
      note({}, RUN);
      note({ title: 'uploading in.bin' }, RUN);
    }
    expect(lines).toHaveLength(3);
    note({ isDone: true }, RUN);
    note({}, RUN);
    expect(lines).toHaveLength(5);
  });

  test('tell of a retry', async () => {
    const { clock, lines, note } = setUp();
    note({ doneBytes: 900 });
    await clock.advance(1_000);
    note({ doneBytes: 0 });
    expect(lines.map((line) => JSON.parse(line).doneBytes)).toEqual([900, 0]);
  });

  test('of all runs may be waits, too', () => {
    const attempt = { atMs: 0, httpStatus: 503, reason: 'HTTP 503', waitMs: 800 };
    const renderer = createNdjsonRenderer({ clock: new FakeClock() });
    const events = (['retry', 'rate_limit'] as const).flatMap((reason) =>
      renderer.renderEvent(
        { type: 'waiting', operation: 'uploading', reason, waitMs: 800, attempt },
        ALL,
        OPTIONS,
        {},
      ),
    );
    expect(events.map(({ text }) => JSON.parse(text).run)).toEqual([null, null]);
    expect(events.flatMap(({ text }) => describeSchemaProblems(JSON.parse(text), 'event.v1'))).toEqual([]);
  });
});
