import { expect, test } from 'vitest';
import { createTransferRate } from '../../src/output/transfer-rate.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  return { clock, rate: createTransferRate(clock) };
}

/** Notes `bytes` more every `everyMs`, `count` times. */
async function feed(
  { clock, rate }: ReturnType<typeof setUp>,
  { from, bytes, everyMs, count }: { from: number; bytes: number; everyMs: number; count: number },
): Promise<number> {
  let done = from;
  for (let turn = 0; turn < count; turn++) {
    await clock.advance(everyMs);
    done += bytes;
    rate.note(done);
  }
  return done;
}

test('is not known for half a second', async () => {
  const { clock, rate } = setUp();
  rate.note(0);
  await clock.advance(499);
  rate.note(4_990);
  expect(rate.measure()).toEqual({ bytesPerSecond: null, isStalled: false });
  await clock.advance(1);
  expect(rate.measure()).toEqual({ bytesPerSecond: 9_980, isStalled: false });
});

test('counts what was there at the beginning as no work', async () => {
  const { clock, rate } = setUp();
  rate.note(1_000_000);
  await clock.advance(1_000);
  rate.note(1_002_000);
  expect(rate.measure().bytesPerSecond).toBe(2_000);
});

test('is that of the last five seconds, not of all', async () => {
  const session = setUp();
  session.rate.note(0);
  const fast = await feed(session, { from: 0, bytes: 10_000, everyMs: 100, count: 100 });
  expect(session.rate.measure().bytesPerSecond).toBe(100_000);
  await feed(session, { from: fast, bytes: 100, everyMs: 100, count: 25 });
  expect(session.rate.measure().bytesPerSecond).toBe(50_500);
  await feed(session, { from: fast + 2_500, bytes: 100, everyMs: 100, count: 25 });
  expect(session.rate.measure().bytesPerSecond).toBe(1_000);
});

test('falls while nothing comes, and has stalled after five seconds', async () => {
  const session = setUp();
  const { clock, rate } = session;
  rate.note(0);
  const done = await feed(session, { from: 0, bytes: 10_000, everyMs: 100, count: 100 });
  expect(rate.measure()).toEqual({ bytesPerSecond: 100_000, isStalled: false });
  await clock.advance(2_500);
  expect(rate.measure()).toEqual({ bytesPerSecond: 50_000, isStalled: false });
  await clock.advance(2_499);
  // Told again what it knows: that is no byte.
  rate.note(done);
  expect(rate.measure()).toMatchObject({ isStalled: false });
  await clock.advance(1);
  expect(rate.measure()).toEqual({ bytesPerSecond: 0, isStalled: true });
  await clock.advance(3_600_000);
  expect(rate.measure()).toEqual({ bytesPerSecond: 0, isStalled: true });
  rate.note(done + 5_000);
  expect(rate.measure()).toEqual({ bytesPerSecond: 1_000, isStalled: false });
});

test('has stalled without a first byte too', async () => {
  const { clock, rate } = setUp();
  rate.note(0);
  await clock.advance(4_999);
  expect(rate.measure()).toEqual({ bytesPerSecond: 0, isStalled: false });
  await clock.advance(1);
  expect(rate.measure()).toEqual({ bytesPerSecond: 0, isStalled: true });
});

test('begins anew where a retry does', async () => {
  const session = setUp();
  const { clock, rate } = session;
  rate.note(0);
  await feed(session, { from: 0, bytes: 1_000, everyMs: 100, count: 30 });
  rate.note(0);
  expect(rate.measure()).toEqual({ bytesPerSecond: null, isStalled: false });
  await clock.advance(1_000);
  rate.note(500);
  expect(rate.measure().bytesPerSecond).toBe(500);
});

test('is right within two in a hundred, however small the pieces are', async () => {
  const session = setUp();
  session.rate.note(0);
  await feed(session, { from: 0, bytes: 64, everyMs: 0.7, count: 10_000 });
  const { bytesPerSecond } = session.rate.measure();
  expect(Math.abs((bytesPerSecond ?? 0) / (64 / 0.0007) - 1)).toBeLessThan(0.02);
});

test('counts the last of what came close together, and stalls from there', async () => {
  const { clock, rate } = setUp();
  for (const bytes of [0, 500, 1_500, 4_000]) {
    rate.note(bytes);
    await clock.advance(30);
  }
  await clock.advance(880);
  expect(rate.measure()).toEqual({ bytesPerSecond: 4_000, isStalled: false });
  await clock.advance(4_089);
  expect(rate.measure().isStalled).toBe(false);
  await clock.advance(1);
  expect(rate.measure()).toEqual({ bytesPerSecond: 0, isStalled: true });
});
