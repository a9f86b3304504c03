// Makes the pictures of the docs, from what the built program says now: node scripts/screenshots/main.mjs [DIRECTORY]
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureScreen, startEmulator } from './capture.mjs';
import { drawSvg } from './draw-svg.mjs';
import { EMULATOR, PICTURES } from './pictures.mjs';
import { pinTimes, pinWritten } from './pins.mjs';

const PICTURES_DIRECTORY = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const PROJECT = fileURLToPath(new URL('project', import.meta.url));
/** Any key is good for the emulator. */
const KEY = 'a-key-for-the-emulator';
/** Higher than any picture, so that nothing scrolls away. */
const SIZE = { columns: 80, rows: 60 };

const [directory = PICTURES_DIRECTORY] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
for (const picture of PICTURES) {
  writeFileSync(join(directory, `${picture.name}.svg`), await takePicture(picture));
}

/** Runs the program in a home directory with nothing but the project in it. */
async function takePicture(picture) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'luau-exec-picture-')));
  const cwd = join(home, 'game');
  cpSync(PROJECT, cwd, { recursive: true });
  const env = { PATH: process.env.PATH ?? '', HOME: home, TERM: 'xterm-256color' };
  const emulator = picture.argv.includes(EMULATOR) ? await startEmulator({ cwd, env }) : null;
  try {
    const argv = picture.argv.map((word) => word.replace(EMULATOR, emulator?.url ?? ''));
    return await drawPicture(picture, { argv, cwd, env, home });
  } finally {
    await emulator?.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function drawPicture({ title, moment, times }, { argv, cwd, env, home }) {
  const prompt = `\x1b[32m$\x1b[39m \x1b[1mluau-exec ${argv.join(' ')}\x1b[22m\r\n`;
  const screen = await captureScreen({
    argv,
    cwd,
    env: { ...env, ROBLOX_API_KEY: KEY },
    size: SIZE,
    moment,
    prepare: (written) => pinWritten(prompt + written, { home }),
  });
  const rows = pinTimes(screen, times);
  return drawSvg({ rows, columns: SIZE.columns, title, windowTitle: `luau-exec ${argv[0]}` });
}
