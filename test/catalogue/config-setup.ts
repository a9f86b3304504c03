import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import type { Exchange } from '../../src/open-cloud/exchange.ts';
import { createTransport } from '../../src/open-cloud/transport.ts';
import type { CliSession, CliSessionOptions } from '../helpers/cli-session.ts';

export const NOT_TEXT = Uint8Array.of(0xff, 0xfe, 0x00);
export const NO_KEY = { ROBLOX_API_KEY: undefined };
export const NO_IDS = { ROBLOX_UNIVERSE_ID: undefined, ROBLOX_PLACE_ID: undefined };
export const script = { 'a.luau': 'A' };
export const line = 'run a.luau';

/** A config file of this text beside a script, and nothing that comes before it. */
export function file(text: string | Uint8Array, env: CliSessionOptions['env'] = {}): CliSessionOptions {
  return { files: { ...script, '.luauexecrc': text }, scripts: { A: {} }, env: { ...NO_IDS, ...env } };
}

/** As a config file names a variable. */
export const variable = (name: string) => `\${${name}}`;

/** The key of the environment. */
export function key(value: string): CliSessionOptions {
  return { files: script, env: { ROBLOX_API_KEY: value } };
}

export const credentials = ({ cwd }: CliSession) => join(cwd, '.home', '.config', 'luau-exec', 'credentials');

/** Stored keys as somebody left them; the mode is one that others cannot read. */
export function storing(text: string): (session: CliSession) => void {
  return (session) => {
    mkdirSync(dirname(credentials(session)), { recursive: true });
    writeFileSync(credentials(session), text, { mode: 0o600 });
  };
}

/** As a process with this environment would. */
export const exchangeThroughNoProxy: Exchange = (request) =>
  createTransport({ clock: systemClock, env: { HTTPS_PROXY: 'http://[' }, connections: 1 }).exchange(request);

/** git's index, as far as it is read. */
export function track(mode: number): (session: CliSession) => void {
  return ({ cwd }) => {
    const name = '.luauexecrc';
    writeFileSync(
      join(cwd, '.git', 'index'),
      Buffer.from(`DIRC\0${String.fromCharCode(name.length)}${name}\0`),
    );
    chmodSync(join(cwd, name), mode);
  };
}
