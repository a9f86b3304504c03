import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useWorkplaces } from '../helpers/bin.ts';
import { type Certificates, createCertificates, HOSTS } from '../helpers/certificates.ts';
import { useHttpProxies } from '../helpers/http-proxy.ts';
import { LIVE_API_KEY, useLiveEmulators } from '../helpers/live-emulator.ts';
import { useTlsFronts } from '../helpers/tls-front.ts';
import { requireTinyproxy, useTinyproxies } from './tinyproxy.ts';

const openPlace = useWorkplaces();
const openEmulator = useLiveEmulators();
const openFront = useTlsFronts();
const openUpstream = useHttpProxies();
const openTinyproxy = useTinyproxies();
const [LOCALHOST, HOST] = HOSTS;
const CONNECT = `CONNECT ${HOST}:443 HTTP/1.1`;
const CREATE = ['run', '-e', 'A', '--detach'];

let certificates: Certificates;
beforeAll(() => {
  requireTinyproxy();
  certificates = createCertificates();
});
afterAll(() => certificates?.remove());

/** The built program, tinyproxy, and behind it an API on a host that no resolver knows. */
async function prepare({ lines = [], killsAt }: { lines?: string[]; killsAt?: string } = {}) {
  const { emulator, env } = await openEmulator({
    scripts: { A: { result: { kind: 'complete', results: ['done'] } } },
  });
  const front = await openFront({
    certificate: certificates.valid,
    target: emulator.baseUrl,
    onData: (text) => {
      if (killsAt !== undefined && text.startsWith(killsAt)) void proxy.kill();
    },
  });
  const upstream = await openUpstream({ targetPort: front.port });
  const proxy = await openTinyproxy({ upstream: upstream.host, lines });
  const place = openPlace();
  const call = (argv: string[], proxyEnv: Record<string, string>) =>
    place.run(argv, {
      env: {
        ...env,
        LUAU_EXEC_BASE_URL: `https://${HOST}`,
        NODE_EXTRA_CA_CERTS: certificates.authorityFile,
        ...proxyEnv,
      },
    });
  const countPosts = () => front.received().match(/^POST /gm)?.length ?? 0;
  return { call, front, upstream, proxy, countPosts };
}

const CREATED = { exitCode: 0, stdout: expect.stringMatching(/^universes\/11\/places\/22\/.*\n$/) };

describe('through tinyproxy', () => {
  it.each<[name: string, createEnv: (host: string) => Record<string, string>]>([
    ['HTTPS_PROXY', (host) => ({ HTTPS_PROXY: `http://${host}` })],
    ['https_proxy, without a scheme', (host) => ({ https_proxy: host })],
    ['HTTP_PROXY alone', (host) => ({ HTTP_PROXY: `http://${host}` })],
    [
      'an empty https_proxy beside HTTPS_PROXY',
      (host) => ({ https_proxy: '', HTTPS_PROXY: `http://${host}` }),
    ],
    ['NO_PROXY for other hosts', (host) => ({ HTTPS_PROXY: host, NO_PROXY: `x${HOST},.${HOST}.x` })],
  ])('a script is created by %s, and the proxy sees the name of the host alone', async (_name, createEnv) => {
    const { call, upstream, proxy, countPosts } = await prepare();
    expect(await call([...CREATE, '-q'], createEnv(proxy.host))).toMatchObject({ ...CREATED, stderr: '' });
    expect(countPosts()).toBe(1);
    // A slow machine may need a second connection; each is asked for in the same words.
    expect([...new Set(proxy.requests())]).toEqual([CONNECT]);
    expect(upstream.received()).not.toContain(LIVE_API_KEY);
  });

  it('a run goes from its create to its result', async () => {
    const { call, front, proxy, countPosts } = await prepare();
    const result = await call(['run', '-e', 'A', '-q'], { HTTPS_PROXY: `http://${proxy.host}` });
    expect(result).toEqual({ exitCode: 0, signal: null, stdout: '"done"\n', stderr: '' });
    expect(countPosts()).toBe(1);
    expect(front.received()).toContain(`x-api-key: ${LIVE_API_KEY}`);
    expect(new Set(proxy.requests())).toEqual(new Set([CONNECT]));
  });

  it.each([HOST, '.luau-exec.test', `${HOST}:443`, '*'])('NO_PROXY=%s goes past it', async (noProxy) => {
    const { call, proxy, countPosts } = await prepare();
    const { exitCode, stderr } = await call([...CREATE, '-v'], {
      HTTPS_PROXY: `http://${proxy.host}`,
      NO_PROXY: noProxy,
    });
    // Without the proxy nobody knows the host, which tells that the proxy was not asked.
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/^error: cannot reach api\.luau-exec\.test: its name, .* cannot be resolved$/m);
    expect({ posts: countPosts(), requests: proxy.requests() }).toEqual({ posts: 0, requests: [] });
  });

  it('an API on this machine is reached without it', async () => {
    const { call, front, proxy, countPosts } = await prepare();
    const result = await call(CREATE, {
      HTTPS_PROXY: `http://${proxy.host}`,
      LUAU_EXEC_BASE_URL: `https://${LOCALHOST}:${front.port}`,
    });
    expect(result).toMatchObject(CREATED);
    expect({ posts: countPosts(), requests: proxy.requests() }).toEqual({ posts: 1, requests: [] });
  });
});

describe('what tinyproxy refuses', () => {
  it('a port that it does not connect to: 403, told at once', async () => {
    const { call, proxy, countPosts } = await prepare({ lines: ['ConnectPort 8443'] });
    const { exitCode, stderr } = await call(CREATE, { HTTPS_PROXY: `http://${proxy.host}` });
    expect(exitCode).toBe(7);
    expect(stderr).toContain(`error: cannot reach ${HOST}: the proxy answered HTTP 403\n`);
    expect(stderr).toContain(`  proxy: ${proxy.host}\n  nothing was sent\n`);
    expect({ posts: countPosts(), requests: proxy.requests() }).toEqual({ posts: 0, requests: [CONNECT] });
  });

  it('a user who is not named: 407, and the right name and password are taken', async () => {
    const { call, proxy, countPosts } = await prepare({ lines: ['BasicAuth someone p4ssw0rd'] });
    for (const credentials of ['', 'someone:wrong-p4ss@']) {
      const { exitCode, stderr } = await call(CREATE, { HTTPS_PROXY: `http://${credentials}${proxy.host}` });
      expect(exitCode).toBe(7);
      expect(stderr).toMatch(/the proxy answered HTTP 40[17]\n/);
      expect(stderr).not.toContain('wrong-p4ss');
    }
    expect(countPosts()).toBe(0);
    const result = await call(CREATE, { HTTPS_PROXY: `http://someone:p4ssw0rd@${proxy.host}` });
    expect(result).toMatchObject(CREATED);
    expect(countPosts()).toBe(1);
  });
});

describe('a tinyproxy that dies', () => {
  it('with the create in its tunnel: the script may be running, and is not sent again', async () => {
    const { call, proxy, countPosts } = await prepare({ killsAt: 'POST ' });
    const { exitCode, stdout, stderr } = await call(CREATE, { HTTPS_PROXY: `http://${proxy.host}` });
    expect({ exitCode, stdout, posts: countPosts() }).toEqual({ exitCode: 9, stdout: '', posts: 1 });
    expect(stderr).toContain('error: the script was sent but no usable answer came: it may be running\n');
  });
});
