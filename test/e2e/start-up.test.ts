import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { useWorkplaces, type Workplace } from '../helpers/bin.ts';

const open = useWorkplaces();
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Runs the program and says how it ended and which of the slow parts of Node it had loaded by then. */
async function findSlowModules(place: Workplace, argv: readonly string[]) {
  const list = join(place.directory, 'modules.json');
  place.write({
    'list-modules.cjs': `process.on('exit', () =>
      require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`,
    'one.luau': 'return 1',
  });
  const { exitCode } = await place.run(argv, {
    env: { NODE_OPTIONS: '--require=./list-modules.cjs', ROBLOX_API_KEY: 'a-key' },
  });
  const loaded: string[] = JSON.parse(readFileSync(list, 'utf8'));
  const slow = ['child_process', 'crypto', 'http', 'http2', 'https', 'tls', 'worker_threads', 'zlib'];
  return { exitCode, slow: slow.filter((name) => loaded.includes(`NativeModule ${name}`)) };
}

/** An API that knows no key. */
async function startRefusal(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(401).end('{}'));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
}

describe('starting up', () => {
  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [['run', '--help'], 0],
    [['config'], 0],
    [['complete', '--', 'run', '--'], 0],
    [['complete', '--', 'status', ''], 0],
    [['complete', '--', '--target', ''], 0],
    [['run', 'missing.luau'], 2],
  ])('of %j loads nothing that takes long', async (argv, exitCode) => {
    expect(await findSlowModules(open(), argv)).toEqual({ exitCode, slow: [] });
  });

  it('of a run over plain HTTP loads nothing that takes long either', async () => {
    const baseUrl = await startRefusal();
    const argv = ['run', 'one.luau', '--base-url', baseUrl, '-u', '1', '-p', '1'];
    expect(await findSlowModules(open(), argv)).toEqual({ exitCode: 4, slow: [] });
  });
});
