// A stand-in for Open Cloud that costs next to nothing, in a process of its own: every task is complete at the first
// look, uploads are taken and forgotten, and the binary output is as many bytes as there can be. Prints its URL, and
// ends when its standard input is closed, so also when whoever started it is killed.
import { createServer } from 'node:http';

const LONGEST_LIFE_MS = 30 * 60_000;
const COLLECTION = /^\/cloud\/v2\/universes\/(\d+)\/places\/(\d+)\/luau-execution-session-tasks$/;
const INPUTS = /^\/cloud\/v2\/(universes\/\d+\/luau-execution-session-task-binary-inputs)$/;
const PLACE_VERSIONS = /^\/universes\/v1\/\d+\/places\/\d+\/versions$/;
const UPLOAD_PATH = '/bytes/input';
const OUTPUT_PATH = '/bytes/output';
const OUTPUT_PIECES = 256;
const OUTPUT_PIECE = Buffer.alloc(1024 * 1024, 'x');

let created = 0;
let origin = '';

function answer(method, pathname) {
  return (method === 'POST' ? answerPost(pathname) : null) ?? answerOther(pathname);
}

function answerPost(pathname) {
  const place = COLLECTION.exec(pathname);
  const inputs = INPUTS.exec(pathname);
  if (place || inputs) created++;
  if (inputs) return { path: `${inputs[1]}/input-${created}`, uploadUri: `${origin}${UPLOAD_PATH}` };
  if (PLACE_VERSIONS.test(pathname)) return { versionNumber: 1 };
  if (!place) return null;
  const id = `00000000-0000-4000-8000-${String(created).padStart(12, '0')}`;
  const path = `universes/${place[1]}/places/${place[2]}/versions/1/luau-execution-sessions/${id}/tasks/${id}`;
  return { path, state: 'PROCESSING', user: '1', timeout: '300s', script: '' };
}

function answerOther(pathname) {
  if (pathname === UPLOAD_PATH) return {};
  const path = pathname.replace(/^\/cloud\/v2\//, '');
  if (path.endsWith('/logs')) {
    return {
      luauExecutionSessionTaskLogs: [{ path: `${path}/1`, messages: [], structuredMessages: [] }],
      nextPageToken: '',
    };
  }
  const binaryOutputUri = `${origin}${OUTPUT_PATH}`;
  return { path, state: 'COMPLETE', user: '1', output: { results: [1] }, binaryOutputUri };
}

/** As fast as they are taken, and never many at once. */
function sendOutput(response) {
  response.writeHead(200, { 'content-length': OUTPUT_PIECES * OUTPUT_PIECE.length });
  const send = (left) => {
    if (left > 0) response.write(OUTPUT_PIECE, () => send(left - 1));
    else response.end();
  };
  send(OUTPUT_PIECES);
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  request.resume().on('end', () => {
    if (pathname === OUTPUT_PATH) {
      sendOutput(response);
      return;
    }
    const body = JSON.stringify(answer(request.method, pathname));
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
server.listen(0, '127.0.0.1', () => {
  origin = `http://127.0.0.1:${server.address().port}`;
  process.stdout.write(`${origin}\n`);
});
process.stdin.on('close', stop).on('end', stop).resume();
setTimeout(stop, LONGEST_LIFE_MS).unref();
