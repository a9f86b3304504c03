import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useWorkplaces } from '../helpers/bin.ts';
import { type Certificates, createCertificates, HOSTS } from '../helpers/certificates.ts';
import { useHttpProxies } from '../helpers/http-proxy.ts';
import { LIVE_API_KEY, useLiveEmulators } from '../helpers/live-emulator.ts';
import { useTlsFronts } from '../helpers/tls-front.ts';

const openPlace = useWorkplaces();
const openEmulator = useLiveEmulators();
const openFront = useTlsFronts();
const openProxy = useHttpProxies();
const [, HOST] = HOSTS;
const PATH = 'universes/11/places/22/luau-execution-session-tasks/t-1';

let certificates: Certificates;
beforeAll(() => {
  certificates = createCertificates();
});
afterAll(() => certificates.remove());

type Kind = 'valid' | 'expired' | 'wrongHost' | 'selfSigned';

interface Trust {
  trusts: boolean;
  /** Further variables. */
  more?: Record<string, string>;
}

/** Calls the built program against an emulator behind TLS; with `trusts` it is told of the private authority. */
async function runAgainst(kind: Kind, { trusts, more = {} }: Trust, ...argv: string[]) {
  const { emulator, env } = await openEmulator({
    scripts: { A: { result: { kind: 'complete', results: ['done'] } } },
  });
  const front = await openFront({ certificate: certificates[kind], target: emulator.baseUrl });
  const result = await openPlace().run(argv, {
    env: {
      ...env,
      LUAU_EXEC_BASE_URL: `https://localhost:${front.port}`,
      ...more,
      ...(trusts ? { NODE_EXTRA_CA_CERTS: certificates.authorityFile } : {}),
    },
  });
  return { ...result, front };
}

const REFUSED: [name: string, kind: Kind, trusts: boolean, words: RegExp][] = [
  ['a certificate that signs itself', 'selfSigned', false, /self-signed certificate/],
  ['one that signs itself, beside an authority', 'selfSigned', true, /self-signed certificate/],
  ['an authority that nobody knows', 'valid', false, /unable to verify the first certificate/],
  ['one that has expired', 'expired', true, /certificate has expired/],
  ['one for another host', 'wrongHost', true, /does not match certificate's altnames/],
];

describe('row 24: a certificate that cannot be trusted', () => {
  it.each(REFUSED)('row 24: %s: nothing is sent, and that is final', async (_name, kind, trusts, words) => {
    const { exitCode, stdout, stderr, front } = await runAgainst(kind, { trusts }, 'run', '-e', 'A', '-v');
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toMatch(/^error: the TLS certificate of localhost:\d+ was not accepted: /m);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/^ {2}nothing was sent$/m);
    expect(stderr).toMatch(/^ {2}id: LX502$/m);
    expect(stderr).toMatch(/^hint: .*NODE_EXTRA_CA_CERTS/m);
    // Not one byte of HTTP, and so neither a POST nor the key.
    expect({ received: front.received(), connections: front.connections() }).toEqual({
      received: '',
      connections: 1,
    });
  });

  it.each([
    ['a read', ['wait', PATH]],
    ['logs', ['logs', PATH]],
    ['a look at the key', ['doctor']],
  ])('row 24: %s sends nothing either', async (_name, argv) => {
    const { exitCode, front } = await runAgainst('selfSigned', { trusts: false }, ...argv, '--json');
    expect(exitCode).toBe(7);
    expect(front.received()).toBe('');
    expect(front.connections()).toBeGreaterThan(0);
  });

  it('row 24: the check cannot be turned off, not even by the variable of Node', async () => {
    const more = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    for (const kind of ['selfSigned', 'expired', 'wrongHost'] as const) {
      const { exitCode, front } = await runAgainst(kind, { trusts: false, more }, 'run', '-e', 'A');
      expect({ exitCode, received: front.received() }).toEqual({ exitCode: 7, received: '' });
    }
  });

  it('row 24: nor can it be behind a proxy', async () => {
    const front = await openFront({ certificate: certificates.selfSigned });
    const proxy = await openProxy({ targetPort: front.port });
    const { exitCode, stderr } = await openPlace().run(['run', '-e', 'A', '-v'], {
      env: {
        ROBLOX_API_KEY: LIVE_API_KEY,
        UNIVERSE_ID: '11',
        PLACE_ID: '22',
        LUAU_EXEC_BASE_URL: `https://${HOST}`,
        HTTPS_PROXY: `http://${proxy.host}`,
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      },
    });
    expect({ exitCode, received: front.received() }).toEqual({ exitCode: 7, received: '' });
    expect(stderr).toMatch(/^ {2}id: LX502$/m);
    expect(front.connections()).toBe(1);
  });
});

describe('row 24: a certificate of a private authority', () => {
  it('row 24: is accepted where NODE_EXTRA_CA_CERTS names the authority', async () => {
    const { exitCode, stdout, stderr, front } = await runAgainst(
      'valid',
      { trusts: true },
      'run',
      '-e',
      'A',
      '-q',
    );
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '"done"\n', stderr: '' });
    expect(front.received().match(/^POST /gm)).toHaveLength(1);
    expect(front.received()).toContain(`x-api-key: ${LIVE_API_KEY}`);
  });
});
