import { expect, test } from 'vitest';
import { createLogTape, LogTapeReader, LogTapeWriter } from '../../../src/emulator/luau/log-tape.ts';

function createTape(ringBytes: number) {
  const tape = createLogTape(ringBytes);
  const announced = { count: 0 };
  const writer = new LogTapeWriter(tape, () => announced.count++);
  return { writer, reader: new LogTapeReader(tape), announced };
}

test('messages come out as they went in, also around the end of the ring', () => {
  const { writer, reader } = createTape(32);
  for (let round = 0; round < 100; round++) {
    const message = 'x'.repeat(round % 20);
    writer.write('WARNING', message);
    expect(reader.read()).toEqual([{ level: 'WARNING', message }]);
  }
});

test('several messages in one reading, and none in the next', () => {
  const { writer, reader } = createTape(1000);
  writer.write('OUTPUT', 'one');
  writer.write('ERROR', '');
  writer.write('INFO', '\xc3\xa9\xff');
  expect(reader.read()).toEqual([
    { level: 'OUTPUT', message: 'one' },
    { level: 'ERROR', message: '' },
    { level: 'INFO', message: 'é\ufffd' },
  ]);
  expect(reader.read()).toEqual([]);
});

test('the reader is told once until it has read', () => {
  const { writer, reader, announced } = createTape(1000);
  writer.write('OUTPUT', 'a');
  writer.write('OUTPUT', 'b');
  expect(announced.count).toBe(1);
  reader.read();
  writer.write('OUTPUT', 'c');
  expect(announced.count).toBe(2);
});

test('a message larger than the ring is put together again', () => {
  const tape = createLogTape(16);
  const reader = new LogTapeReader(tape);
  const messages: string[] = [];
  const read = () => messages.push(...reader.read().map((entry) => entry.message));
  // The reader reads whenever it is told, so the writer never has to wait.
  const writer = new LogTapeWriter(tape, read);
  writer.write('OUTPUT', 'abc'.repeat(50));
  read();
  expect(messages).toEqual(['abc'.repeat(50)]);
});
