// A stand-in for Open Cloud that costs next to nothing, in a process of its own: every task is complete at the first
// look. Prints its URL, and ends when its standard input is closed, so also when whoever started it is killed.
import { createServer } from 'node:http';

const LONGEST_LIFE_MS = 30 * 60_000;
const COLLECTION = /^\/cloud\/v2\/universes\/(\d+)\/places\/(\d+)\/luau-execution-session-tasks$/;

let created = 0;

function answer(method, pathname) {
  const place = method === 'POST' ? COLLECTION.exec(pathname) : null;
  if (place) {
    created++;
    const id = `00000000-0000-4000-8000-${String(created).padStart(12, '0')}`;
    const path = `universes/${place[1]}/places/${place[2]}/versions/1/luau-execution-sessions/${id}/tasks/${id}`;
    return { path, state: 'PROCESSING', user: '1', timeout: '300s', script: '' };
  }
  const path = pathname.replace(/^\/cloud\/v2\//, '');
  if (path.endsWith('/logs')) {
    return {
      luauExecutionSessionTaskLogs: [{ path: `${path}/1`, messages: [], structuredMessages: [] }],
      nextPageToken: '',
    };
  }
  return { path, state: 'COMPLETE', user: '1', output: { results: [1] } };
}

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const body = JSON.stringify(answer(request.method, new URL(request.url, 'http://localhost').pathname));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});
const stop = () => {
  server.close();
  server.closeAllConnections();
  process.stdin.destroy();
};
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.on('close', stop).on('end', stop).resume();
setTimeout(stop, LONGEST_LIFE_MS).unref();
