import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';

const HEADERS = { 'x-api-key': 'k', 'content-type': 'application/json' };

let directory: string;
let runLuau: ClosableLuauRunner;
const open: Emulator[] = [];
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32 });
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'data-directory-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((emulator) => emulator.close()));
  rmSync(directory, { recursive: true, force: true });
});
afterAll(() => runLuau.close());

async function start(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const emulator = await startEmulator({ clock: systemClock, runLuau, ...options });
  open.push(emulator);
  return emulator;
}

interface Task {
  path: string;
  state: string;
  output?: { results: unknown[] };
  error?: { code: string; message: string };
}

async function send(url: string, body?: unknown): Promise<Task> {
  const post = { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, { headers: HEADERS, ...(body === undefined ? {} : post) });
  expect(response.status).toBe(200);
  const task: Task = JSON.parse(await response.text());
  return task;
}

/** Runs a script over HTTP to its end; returns the task. */
async function run({ baseUrl }: Emulator, script: string, universeId = '11'): Promise<Task> {
  const tasks = `${baseUrl}/cloud/v2/universes/${universeId}/places/22/luau-execution-session-tasks`;
  const { path } = await send(tasks, { script });
  for (;;) {
    const task = await send(`${baseUrl}/cloud/v2/${path}`);
    if (task.state !== 'PROCESSING') return task;
    await systemClock.sleep(20);
  }
}

const IN_STORE = 'local store = game:GetService("DataStoreService"):GetDataStore("Players") ';
const write = `${IN_STORE}return store:IncrementAsync("k", 5)`;
const read = `${IN_STORE}return (store:GetAsync("k"))`;

it('tasks of one emulator share what they store, those of another universe do not', async () => {
  const emulator = await start();
  expect((await run(emulator, write)).output?.results[0]).toBe(5);
  expect((await run(emulator, write)).output?.results[0]).toBe(10);
  expect((await run(emulator, read, '12')).output).toEqual({ results: [null] });
  expect((await run(await start(), read)).output).toEqual({ results: [null] });
});

it('an emulator with the same directory finds it again', async () => {
  const first = await start({ dataDirectory: directory });
  await run(first, write);
  await first.close();
  const second = await start({ dataDirectory: directory });
  expect((await run(second, write)).output?.results[0]).toBe(10);
  expect(readdirSync(join(directory, '11', '+players', 'global'))).toEqual(['k.json']);
});

it('a broken file is an error in the line of the script', async () => {
  const emulator = await start({ dataDirectory: directory });
  await run(emulator, write);
  const file = join(directory, '11', '+players', 'global', 'k.json');
  writeFileSync(file, '{');
  expect((await run(emulator, read)).error).toEqual({
    code: 'SCRIPT_ERROR',
    message: `TaskScript:1: luau-exec emulator: the data file ${file} is not JSON in UTF-8`,
  });
  expect((await run(emulator, 'return 1')).output).toEqual({ results: [1] });
});

it('a directory of no use keeps the emulator from starting', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  await expect(start({ dataDirectory: file })).rejects.toMatchObject({ id: 'LX011', kind: 'usage' });
});

it('a message over HTTP reaches the scripts that run', async () => {
  const emulator = await start();
  const listen = `local heard
local Messaging = game:GetService("MessagingService")
Messaging:SubscribeAsync("news", function(message) heard = message end)
while not heard do task.wait() end
return heard.Data, math.abs(heard.Sent - os.time()) < 60`;
  const running = run(emulator, listen);
  let isOver = false;
  void running.then(() => {
    isOver = true;
  });
  while (!isOver) {
    // A message is kept for nobody, so it is sent until the script listens.
    const message = { topic: 'news', message: 'from "outside"' };
    expect(await send(`${emulator.baseUrl}/cloud/v2/universes/11:publishMessage`, message)).toEqual({});
    await systemClock.sleep(20);
  }
  expect((await running).output).toEqual({ results: ['from "outside"', true] });
});
