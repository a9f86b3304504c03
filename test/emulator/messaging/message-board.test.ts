import { beforeEach, describe, expect, it } from 'vitest';
import { MessageBoard, type PublishedMessage } from '../../../src/emulator/messaging/message-board.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

let clock: FakeClock;
let board: MessageBoard;
beforeEach(() => {
  clock = new FakeClock('2026-11-21T09:00:00.500Z');
  board = new MessageBoard(clock);
});

function listen(universeId = '1', topic = 'topic') {
  const heard: PublishedMessage[] = [];
  const ending = new AbortController();
  const id = board.subscribe({
    universeId,
    topic,
    signal: ending.signal,
    deliver: (message) => heard.push(message),
  });
  return { id, heard, end: () => ending.abort() };
}

const publish = (dataJson: string) => board.publish({ universeId: '1', topic: 'topic', dataJson });

describe('MessageBoard', () => {
  it('hands a message to whoever has subscribed before', () => {
    const early = listen();
    const [elsewhere, otherwise] = [listen('2'), listen('1', 'Topic')];
    publish('1');
    const late = listen();
    publish('2');
    const sentSeconds = Date.parse('2026-11-21T09:00:00.500Z') / 1000;
    expect(early.heard).toEqual([
      { dataJson: '1', sentSeconds },
      { dataJson: '2', sentSeconds },
    ]);
    expect(late.heard).toEqual([{ dataJson: '2', sentSeconds }]);
    expect([elsewhere.heard, otherwise.heard]).toEqual([[], []]);
  });

  it('leaves alone who has unsubscribed or ended', () => {
    const [gone, ended, stays] = [listen(), listen(), listen()];
    board.unsubscribe(gone.id);
    ended.end();
    publish('1');
    expect([gone.heard, ended.heard, stays.heard].map((heard) => heard.length)).toEqual([0, 0, 1]);
  });
});
