import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from './sandbox.ts';

const INPUT = fileURLToPath(new URL('../../src/config/load-settings.ts', import.meta.url));

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.remove());

// A fresh process, far from any node_modules: the typescript package is not there, and the working directory of the
// process is the one whose files must not run.
it.each([
  ['cjs', 'const { loadSettings } = require("./load-settings.cjs");'],
  ['esm', 'import { loadSettings } from "./load-settings.mjs";'],
] as const)('bundled as %s it reads data, runs no code and needs no TypeScript', async (format, load) => {
  const extension = format === 'cjs' ? 'cjs' : 'mjs';
  const build = await rolldown({ input: INPUT, platform: 'node', external: [/^node:/, 'typescript'] });
  const names = { entryFileNames: `[name].${extension}`, chunkFileNames: `[name]-chunk.${extension}` };
  await build.write({ dir: sandbox.path('dist'), format, ...names });
  await build.close();
  const trap = `require('node:fs').writeFileSync(${JSON.stringify(sandbox.path('ran'))}, __filename)`;
  await sandbox.write({
    [`dist/test.${extension}`]: `${load}
      const [cwd] = process.argv.slice(2);
      loadSettings({ flags: {}, env: {}, cwd, homeDirectory: null, platform: process.platform, stdin: process.stdin,
        keyring: { read: async () => ({ ok: true, value: null }) } })
        .then(({ settings }) => console.log(settings.placeId.value));`,
    'work/.luauexecrc': 'placeId: 42',
    'work/.luauexecrc.js': trap,
    'work/luauexec.config.cjs': trap,
    'work/luauexec.config.ts': trap,
    'work/.config/config.js': trap,
    'work/.config/config.cjs': trap,
    'work/.config/luauexecrc.cjs': trap,
  });
  const cwd = sandbox.path('work');
  const output = execFileSync(process.execPath, [sandbox.path(`dist/test.${extension}`), cwd], {
    cwd,
    encoding: 'utf8',
  });
  expect(output).toBe('42\n');
  expect(existsSync(sandbox.path('ran'))).toBe(false);
});
