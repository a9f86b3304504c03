import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

// Commands are defined and never called.
const COMMANDS = /^\.\.\/commands\//;

/** The manual of the command line as roff. It is made from the program, which is built for this and thrown away. */
export async function createManPage({ version }) {
  const place = mkdtempSync(join(tmpdir(), 'luau-exec-man-'));
  try {
    const file = join(place, 'man-page.mjs');
    const build = await rolldown({ input: 'src/cli/help/man-page.ts', platform: 'node', external: COMMANDS });
    const { output } = await build.generate({ format: 'esm', codeSplitting: false });
    await build.close();
    writeFileSync(file, output[0].code);
    const module = await import(pathToFileURL(file).href);
    return module.createManPage({ date: findDate(version) });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The day of the release or, before there is one, of the build; SOURCE_DATE_EPOCH beats both. */
function findDate(version) {
  const seconds = process.env.SOURCE_DATE_EPOCH;
  if (seconds) return formatDay(new Date(Number(seconds) * 1000));
  const heading = `## [${version}] - `;
  const line = readFileSync('CHANGELOG.md', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(heading));
  const [date] = /\d{4}-\d{2}-\d{2}$/.exec(line ?? '') ?? [formatDay(new Date())];
  return date;
}

function formatDay(date) {
  return date.toISOString().slice(0, 10);
}
