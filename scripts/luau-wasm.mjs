// luau-web carries the Luau VM as base64 inside its JavaScript. We ship the bytes alone: a file that can be checked
// against a hash, read without parsing a megabyte of JavaScript, and named as an asset by a standalone build.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SHA256 = '922ec950bb3c30604cf06654ad554cded3a43d7d65378f292aefe506c0b2903b';

export function extractLuauWasm() {
  const file = createRequire(import.meta.url).resolve('luau-web/src/lib/Luau.Web.Asyncify.js');
  const match = /base64Decode\("([A-Za-z0-9+/=]+)"\)/.exec(readFileSync(file, 'latin1'));
  if (!match) throw new Error(`no embedded wasm in ${file}`);
  const bytes = Buffer.from(match[1], 'base64');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== SHA256) throw new Error(`unexpected Luau wasm ${sha256} in ${file}`);
  return bytes;
}
