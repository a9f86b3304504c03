import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  cert: string;
  key: string;
}

/** What one private authority has signed, and one certificate that it has not. All are for `HOSTS` but `wrongHost`. */
export interface Certificates {
  /** The authority's own certificate, for NODE_EXTRA_CA_CERTS. */
  authorityFile: string;
  valid: Certificate;
  expired: Certificate;
  wrongHost: Certificate;
  selfSigned: Certificate;
  remove(): void;
}

/** The second is a name that no resolver knows. */
export const HOSTS = ['localhost', 'api.luau-exec.test'] as const;

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes all of them anew with the program `openssl`; throws where the machine has none. */
export function createCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'luau-exec-certificates-'));
  const run = (...args: string[]) => runOpenssl(directory, args);
  const file = (name: string) => join(directory, name);
  const read = (name: string): Certificate => ({
    cert: readFileSync(file(`${name}.pem`), 'utf8'),
    key: readFileSync(file(`${name}.key`), 'utf8'),
  });
  // An empty configuration: what the machine's own one adds differs from system to system.
  writeFileSync(file('openssl.cnf'), '[req]\ndistinguished_name = dn\n[dn]\n');
  const selfSign = (name: string, ...extensions: string[]) =>
    run(
      ...['req', '-x509', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '2'],
      ...['-subj', `/CN=luau-exec ${name}`, ...extensions.flatMap((text) => ['-addext', text])],
    );
  const sign = (name: string, hosts: readonly string[], days: number) => {
    run('req', '-new', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(file(`${name}.ext`), formatHosts(hosts));
    run(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'authority.pem', '-CAkey', 'authority.key'],
      ...['-CAcreateserial', '-days', String(days), '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    );
    return read(name);
  };
  selfSign('authority', 'basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign');
  selfSign('self-signed', formatHosts(HOSTS));
  return {
    authorityFile: file('authority.pem'),
    valid: sign('valid', HOSTS, 2),
    // Not even a day: it ended before it began.
    expired: sign('expired', HOSTS, -1),
    wrongHost: sign('wrong-host', ['other.luau-exec.test'], 2),
    selfSigned: read('self-signed'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function formatHosts(hosts: readonly string[]): string {
  return `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`;
}

function runOpenssl(directory: string, args: string[]): void {
  const env = { ...process.env, OPENSSL_CONF: join(directory, 'openssl.cnf') };
  const { error, status, stderr } = spawnSync('openssl', args, { cwd: directory, env, encoding: 'utf8' });
  if (error) {
    throw new Error(`openssl cannot be started: ${error.message}. On Debian: apt-get install -y openssl`, {
      cause: error,
    });
  }
  if (status !== 0) throw new Error(`openssl ${args.join(' ')} failed: ${stderr}`);
}
