import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTransport } from '../../src/open-cloud/transport.ts';
import { useWorkplaces } from '../helpers/bin.ts';
import { type Certificates, createCertificates, HOSTS } from '../helpers/certificates.ts';
import { API_KEY, useCliSessions } from '../helpers/cli-session.ts';
import { type HttpProxyOptions, useHttpProxies } from '../helpers/http-proxy.ts';
import { LIVE_API_KEY, useLiveEmulators } from '../helpers/live-emulator.ts';
import { useTlsFronts } from '../helpers/tls-front.ts';
import { useRawServers } from '../open-cloud/raw-server.ts';

const openPlace = useWorkplaces();
const openEmulator = useLiveEmulators();
const openFront = useTlsFronts();
const openProxy = useHttpProxies();
const openSession = useCliSessions();
const { findClosedPort } = useRawServers();
const [, HOST] = HOSTS;
const CONNECT = `CONNECT ${HOST}:443 HTTP/1.1`;

let certificates: Certificates;
beforeAll(() => {
  certificates = createCertificates();
});
afterAll(() => certificates.remove());

interface Setting {
  /** The variables that name the proxy, by its `127.0.0.1:PORT`. */
  proxyEnv?: (host: string) => Record<string, string>;
  onConnect?: HttpProxyOptions['onConnect'];
  /** True for what, when the API has received it, is the last that this tunnel carries. */
  isLast?: (text: string) => boolean;
}

/** The built program, and an API on a host that only the proxy knows the way to. */
async function prepare({ proxyEnv, onConnect, isLast }: Setting) {
  const { emulator, env } = await openEmulator({
    scripts: { A: { result: { kind: 'complete', results: ['done'] } } },
  });
  const front = await openFront({
    certificate: certificates.valid,
    target: emulator.baseUrl,
    onData: (text) => {
      if (isLast?.(text)) proxy.breakTunnels();
    },
  });
  const proxy = await openProxy({ targetPort: front.port, ...(onConnect && { onConnect }) });
  const place = openPlace();
  const call = async (...argv: string[]) => {
    const result = await place.run(argv, {
      env: {
        ...env,
        LUAU_EXEC_BASE_URL: `https://${HOST}`,
        NODE_EXTRA_CA_CERTS: certificates.authorityFile,
        ...(proxyEnv?.(proxy.host) ?? { HTTPS_PROXY: `http://${proxy.host}` }),
      },
    });
    const posts = front.received().match(/^POST /gm)?.length ?? 0;
    return { ...result, posts, requestLines: proxy.heads.map((head) => head.split('\r\n')[0]) };
  };
  return { call, front, proxy };
}

/** A task is created in a moment; to see its end takes seconds, as a host that is not this machine is not hurried. */
const CREATE = ['run', '-e', 'A', '--detach'];
const CREATED = { exitCode: 0, stdout: expect.stringMatching(/^universes\/11\/places\/22\/.*\n$/), posts: 1 };

describe('row 25: a proxy that works', () => {
  it.each<[name: string, proxyEnv: (host: string) => Record<string, string>]>([
    ['HTTPS_PROXY', (host) => ({ HTTPS_PROXY: `http://${host}` })],
    ['https_proxy', (host) => ({ https_proxy: `http://${host}` })],
    [
      'an empty https_proxy beside HTTPS_PROXY',
      (host) => ({ https_proxy: '', HTTPS_PROXY: `http://${host}` }),
    ],
    [
      'an empty HTTPS_PROXY beside https_proxy',
      (host) => ({ HTTPS_PROXY: '', https_proxy: `http://${host}` }),
    ],
    ['an empty HTTPS_PROXY beside HTTP_PROXY', (host) => ({ HTTPS_PROXY: '', HTTP_PROXY: `http://${host}` })],
    ['HTTP_PROXY alone', (host) => ({ HTTP_PROXY: `http://${host}` })],
    ['a proxy without a scheme', (host) => ({ HTTPS_PROXY: host })],
    ['https_proxy before HTTPS_PROXY', (host) => ({ https_proxy: host, HTTPS_PROXY: 'http://127.0.0.1:9' })],
    ['NO_PROXY for another host', (host) => ({ HTTPS_PROXY: host, NO_PROXY: 'other.test,.api' })],
    ['an empty no_proxy', (host) => ({ HTTPS_PROXY: host, no_proxy: '' })],
  ])('row 25: %s is used, and sees nothing of what it carries', async (_name, proxyEnv) => {
    const { call, proxy } = await prepare({ proxyEnv });
    const run = await call(...CREATE, '-q');
    expect(run).toMatchObject({ ...CREATED, stderr: '' });
    expect(run.requestLines).toEqual([CONNECT]);
    expect(proxy.received()).not.toContain(LIVE_API_KEY);
    expect(proxy.heads.join('')).not.toMatch(/authorization/i);
  });

  it('row 25: carries a run from its create to its logs', async () => {
    const { call, front } = await prepare({});
    await call(...CREATE);
    const { exitCode, stdout, requestLines } = await call('wait', '-q');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"done"\n' });
    expect(new Set(requestLines)).toEqual(new Set([CONNECT]));
    expect(front.received()).toContain(`x-api-key: ${LIVE_API_KEY}`);
  });

  it('row 25: gets name and password from its URL', async () => {
    const proxyEnv = (host: string) => ({ HTTPS_PROXY: `http://us%40er:p%3Ass@${host}` });
    const { call, proxy } = await prepare({ proxyEnv });
    expect(await call(...CREATE)).toMatchObject(CREATED);
    const credentials = Buffer.from('us@er:p:ss').toString('base64');
    expect(proxy.heads.join('')).toMatch(new RegExp(`^proxy-authorization: Basic ${credentials}\r$`, 'im'));
  });
});

describe('row 25: a proxy that refuses CONNECT', () => {
  it.each([
    [403, 'Forbidden', `let the proxy allow ${HOST}, or name it in NO_PROXY`],
    [407, 'Proxy Authentication Required', 'put name and password into the URL: HTTPS_PROXY='],
  ])('row 25: with %i is told at once', async (status, reason, hint) => {
    const { call, front, proxy } = await prepare({
      proxyEnv: (host) => ({ HTTPS_PROXY: `http://user:secret@${host}` }),
      onConnect: () => `HTTP/1.1 ${status} ${reason}\r\ncontent-length: 0\r\n\r\n`,
    });
    const run = await call('run', '-e', 'A');
    expect(run).toMatchObject({ exitCode: 7, stdout: '', posts: 0 });
    expect(run.requestLines).toEqual([CONNECT]);
    expect(run.stderr).toContain(`error: cannot reach ${HOST}: the proxy answered HTTP ${status}\n`);
    expect(run.stderr).toContain(`  proxy: ${proxy.host}\n  nothing was sent\n`);
    expect(run.stderr).toContain(`hint: ${hint}`);
    expect(run.stderr).not.toContain('secret');
    expect(front.connections()).toBe(0);
  });

  it.each<[name: string, answer: string, words: string]>([
    ['502', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', 'the proxy answered HTTP 502'],
    ['503 and a page', 'HTTP/1.1 503 No\r\ncontent-length: 6\r\n\r\n<html>', 'the proxy answered HTTP 503'],
    [
      'a redirect',
      'HTTP/1.1 302 Found\r\nlocation: http://evil.test/\r\n\r\n',
      'the proxy answered HTTP 302',
    ],
    ['no answer', '', 'the proxy ended the connection'],
    ['half an answer', 'HTTP/1.1 20', 'the proxy ended the connection'],
    ['words that are no HTTP', 'SSH-2.0-OpenSSH\r\n', ''],
  ])('row 25: with %s is asked five times, and nothing is sent', async (_name, answer, words) => {
    const proxy = await openProxy({ targetPort: 9, onConnect: () => answer });
    const { exitCode, stdout, stderr, tookMs } = await runInProcess(`http://${proxy.host}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^error: cannot reach ${HOST}: .*${words}`, 'm'));
    expect(stderr).toContain(`  proxy: ${proxy.host}\n  nothing was sent\n`);
    expect(stderr).toMatch(/^ {2}id: LX501$/m);
    expect(proxy.heads.map((head) => head.split('\r\n')[0])).toEqual(
      Array.from({ length: 5 }, () => CONNECT),
    );
    expect(proxy.received()).not.toContain(API_KEY);
    expect(tookMs).toBeLessThan(8_000);
  });

  it('row 25: by not being there is told from a host that is not there', async () => {
    const proxy = `127.0.0.1:${await findClosedPort()}`;
    const { exitCode, stderr } = await runInProcess(proxy);
    expect(exitCode).toBe(7);
    expect(stderr).toContain(`error: cannot reach ${HOST}: it, or the proxy, refused the connection\n`);
    expect(stderr).toContain(`  proxy: ${proxy}\n`);
  });

  it('row 25: by serving a page of its own through the tunnel gets no byte of HTTP', async () => {
    const proxy = await openProxy({
      targetPort: 9,
      onConnect: () => 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<html>sign in</html>',
    });
    const { exitCode, stderr } = await runInProcess(`http://${proxy.host}`);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/^ {2}nothing was sent$/m);
    expect(proxy.received()).not.toContain(API_KEY);
  });
});

/** Calls the command line in this process, in virtual time, with a proxy between it and a host that nobody knows. */
async function runInProcess(proxy: string) {
  const session = await openSession({
    env: { LUAU_EXEC_BASE_URL: `https://${HOST}`, HTTPS_PROXY: proxy },
    intercept: (request) => transport.exchange(request),
  });
  const transport = createTransport({ clock: session.clock, env: { HTTPS_PROXY: proxy } });
  const startMs = session.clock.now();
  try {
    const result = await session.run('run', '-e', 'A', '-v');
    return { ...result, tookMs: session.clock.now() - startMs };
  } finally {
    await transport.close();
  }
}

describe('row 25: a proxy that dies', () => {
  const isRead = (text: string) => text.startsWith('GET ');

  it('row 25: before the tunnel carries anything: the create is tried again', async () => {
    const { call } = await prepare({ onConnect: (number) => (number === 0 ? '' : null) });
    const run = await call(...CREATE);
    expect(run).toMatchObject({ ...CREATED, requestLines: [CONNECT, CONNECT] });
  });

  it('row 25: with the create in the tunnel: it may be running, and is not sent again', async () => {
    const { call } = await prepare({ isLast: (text) => text.startsWith('POST ') });
    const run = await call('run', '-e', 'A', '-v');
    expect(run).toMatchObject({ exitCode: 9, stdout: '', posts: 1, requestLines: [CONNECT] });
    expect(run.stderr).toMatch(/^ {2}id: LX510$/m);
  });

  it('row 25: with a read in the tunnel: a new one is made', async () => {
    let reads = 0;
    const { call } = await prepare({ isLast: (text) => isRead(text) && ++reads === 1 });
    await call(...CREATE);
    const run = await call('wait', '--json');
    expect(run).toMatchObject({ exitCode: 0, requestLines: [CONNECT, CONNECT, CONNECT] });
    expect(JSON.parse(run.stdout)).toMatchObject({ results: ['done'], timing: { retries: 1 } });
  });

  it('row 25: and comes back refusing: told with the line that resumes', async () => {
    const { call } = await prepare({
      isLast: isRead,
      onConnect: (number) => (number < 2 ? null : 'HTTP/1.1 407 No\r\n\r\n'),
    });
    await call(...CREATE);
    const run = await call('wait');
    expect(run).toMatchObject({ exitCode: 7, stdout: '', requestLines: [CONNECT, CONNECT, CONNECT] });
    expect(run.stderr).toContain('the proxy answered HTTP 407');
    expect(run.stderr).toMatch(/^ {2}the task goes on: luau-exec wait universes\/11\/places\/22\/\S+$/m);
  });
});
