import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildWithRojo } from '../../src/place/build-with-rojo.ts';
import { catchError } from '../config/catch-error.ts';
import { type RojoSession, useRojoSessions } from './fake-rojo.ts';
import { writeProgram } from './write-program.ts';

const PROJECT = 'default.project.json';
const BUILD = "fs.writeFileSync(output, 'a place');";

const open = useRojoSessions();
const build = (session: RojoSession, project = PROJECT) => buildWithRojo(project, session.options);
const listLeft = (session: RojoSession) => readdirSync(session.temporary);

// The fakes are scripts, which Windows does not start without a shell.
describe.skipIf(process.platform === 'win32')('a place is built', () => {
  test('by rojo, and taken away again', async () => {
    const session = open();
    session.writeRojo(BUILD);
    const { file, remove } = await build(session);
    expect(readFileSync(file, 'utf8')).toBe('a place');
    const { argv, cwd, stdin } = session.readSeen();
    expect({ argv, cwd, stdin }).toEqual({
      argv: ['build', PROJECT, '--output', file],
      cwd: session.cwd,
      stdin: '',
    });
    expect(file).toMatch(/\.rbxl$/);
    expect(dirname(dirname(file))).toBe(session.temporary);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    await remove();
    expect(listLeft(session)).toEqual([]);
    await remove();
  });

  test('twice at a time', async () => {
    const session = open();
    session.writeRojo(BUILD);
    const [first, second] = await Promise.all([build(session), build(session)]);
    await first.remove();
    expect(readFileSync(second.file, 'utf8')).toBe('a place');
  });

  test('with the environment that is given, and no other', async () => {
    const session = open();
    session.options.env = { ...session.options.env, COLOUR: 'green', NOTHING: undefined };
    session.writeRojo(BUILD);
    await build(session);
    expect(session.readSeen().env).toMatchObject({ COLOUR: 'green', PATH: session.bin });
    expect(Object.keys(session.readSeen().env).filter((name) => /NOTHING|VITEST|HOME/.test(name))).toEqual(
      [],
    );
  });

  test.each([
    ['spaces', 'my game.project.json', 'my game.project.json'],
    ['what a shell would obey', '$(echo a);"b"&|.project.json', '$(echo a);"b"&|.project.json'],
    ['a dash at its beginning', '--watch', './--watch'],
    ['one dash', '-', './-'],
    ['a directory', '.', '.'],
  ])('of a project with a name of %s', async (_name, project, argument) => {
    const session = open();
    if (project !== '.') writeFileSync(join(session.cwd, project), '{}');
    session.writeRojo(BUILD);
    const { file } = await build(session, project);
    expect(session.readSeen().argv).toEqual(['build', argument, '--output', file]);
  });

  test('what rojo prints is passed on as it is, as soon as it comes', async () => {
    const session = open();
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      hear = resolve;
    });
    const { printed } = session;
    session.options.onOutput = (text) => {
      printed.push(text);
      if (printed.join('').endsWith('漢')) hear();
    };
    session.writeRojo(`
      const letter = Buffer.from('漢');
      fs.writeSync(1, Buffer.concat([Buffer.from('\\x1b[32mBuilding\\x1b[0m '), letter.subarray(0, 1)]));
      setTimeout(() => fs.writeSync(1, letter.subarray(1)), 50);
      const timer = setInterval(() => {
        if (!fs.existsSync('heard')) return;
        clearInterval(timer);
        fs.writeSync(2, '\\r\\nwarning: old\\n');
        ${BUILD}
      }, 10);
    `);
    const building = build(session);
    await heard;
    // Rojo goes on when its first words have been heard.
    writeFileSync(join(session.cwd, 'heard'), '');
    await building;
    expect(printed.join('')).toBe('\x1b[32mBuilding\x1b[0m 漢\r\nwarning: old\n');
    expect(printed.length).toBeGreaterThan(1);
  });

  test('and all output is waited for, also of a program that rojo has left behind', async () => {
    const session = open();
    const late = "setTimeout(() => console.log('late'), 100)";
    session.writeRojo(`${BUILD} spawn(process.execPath, ['-e', "${late}"], { stdio: 'inherit' }).unref();`);
    await build(session);
    expect(session.printed.join('')).toBe('late\n');
  });

  test('by the shim in the home directory where PATH has no rojo', async () => {
    const session = open();
    session.writeRojo(`console.log('shim'); ${BUILD}`, join(session.home, '.rokit', 'bin'));
    await build(session);
    session.writeRojo(`console.log('on PATH'); ${BUILD}`);
    await build(session);
    expect(session.printed).toEqual(['shim\n', 'on PATH\n']);
  });
});

describe.skipIf(process.platform === 'win32')('rojo fails', () => {
  test.each<[name: string, body: string, how: string, hint: string]>([
    ['with a code', 'process.exit(1);', 'exit code 1', 'correct what rojo says is wrong'],
    ['with a file made', `${BUILD} process.exit(7);`, 'exit code 7', 'correct what rojo says is wrong'],
    ['killed', `${BUILD} process.kill(process.pid, 'SIGKILL');`, 'killed by SIGKILL', 'run it again'],
    ['with no file', '', 'it made no file', 'check that this program is rojo'],
    ['with a directory', 'fs.mkdirSync(output);', 'it made no file', 'check that this program is rojo'],
    [
      'with an empty file',
      "fs.writeFileSync(output, '');",
      'the file that it made is empty',
      'check that this program is rojo',
    ],
  ])('%s', async (_name, body, how, hint) => {
    const session = open();
    const rojo = session.writeRojo(body);
    expect(await catchError(() => build(session))).toMatchObject({
      id: 'LX022',
      kind: 'usage',
      message: `rojo could not build default.project.json (${how})`,
      facts: [`rojo: ${rojo}`],
      hint,
    });
    expect(listLeft(session)).toEqual([]);
  });

  test('as a shim whose tool manager has no rojo here: it says so itself', async () => {
    const session = open();
    const words = "Failed to find tool 'rojo' in any project manifest file.\n";
    session.writeRojo(`process.stderr.write(${JSON.stringify(words)}); process.exitCode = 1;`);
    expect(await catchError(() => build(session))).toMatchObject({ id: 'LX022' });
    expect(session.printed.join('')).toBe(words);
  });

  test('before it has started', async () => {
    const session = open();
    const rojo = writeProgram(join(session.bin, 'rojo'), '#!/no/interpreter\n');
    expect(await catchError(() => build(session))).toMatchObject({
      id: 'LX021',
      kind: 'usage',
      message: `cannot start rojo: spawn ${rojo} ENOENT`,
      facts: [`rojo: ${rojo}`],
      hint: 'install rojo again',
    });
    expect(listLeft(session)).toEqual([]);
  });

  test('to start where the name of the project cannot be an argument', async () => {
    const session = open();
    session.writeRojo(BUILD);
    const error = await catchError(() => build(session, 'a\0b'));
    expect(error).toMatchObject({ id: 'LX021', message: expect.stringContaining('cannot start rojo: ') });
    expect(listLeft(session)).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('there is no rojo', () => {
  const HINT = 'install rojo (rokit add rojo-rbx/rojo), or build the place yourself and use --place-file';

  test('in all the places that the error names', async () => {
    const session = open();
    const other = join(session.root, 'other');
    session.options.env = { PATH: `${session.bin}:${other}` };
    const { id, kind, message, facts, hint } = await catchError(() => build(session));
    const tools = ['.rokit', '.aftman', '.foreman'].map((name) => join(session.home, name, 'bin'));
    expect({ id, kind, message, facts, hint }).toEqual({
      id: 'LX021',
      kind: 'usage',
      message: 'cannot build default.project.json: rojo is not found',
      facts: [`looked for it in PATH: ${session.bin}, ${other}`, `looked for it in ${tools.join(', ')}`],
      hint: HINT,
    });
    expect(listLeft(session)).toEqual([]);
  });

  test('where there is neither PATH nor a home', async () => {
    const session = open({ env: {}, homeDirectory: null });
    session.writeRojo(BUILD);
    const error = await catchError(() => build(session));
    expect(error).toMatchObject({ id: 'LX021', facts: ['PATH names no absolute directory'], hint: HINT });
  });

  test('where only a relative entry of PATH would lead to it', async () => {
    const session = open();
    session.writeRojo(BUILD);
    session.options.env = { ...session.options.env, PATH: relative(process.cwd(), session.bin) };
    const error = await catchError(() => build(session));
    expect(error).toMatchObject({ id: 'LX021', message: expect.stringContaining('rojo is not found') });
  });
});

describe('there is no project', () => {
  test.each(['no.project.json', 'default.project.json/deeper', '-', ' '])('%s', async (project) => {
    const session = open();
    session.writeRojo(BUILD);
    expect(await catchError(() => build(session, project))).toMatchObject({
      id: 'LX021',
      kind: 'usage',
      message: `cannot build ${project} with rojo: it does not exist`,
      facts: [],
      hint: 'check the name; a path is relative to the working directory',
    });
    expect(session.readSeen).toThrow('ENOENT');
    expect(listLeft(session)).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('whose name is no name: rojo is left to say so', async () => {
    const session = open();
    session.writeRojo("process.stderr.write('File name too long'); process.exit(1);");
    expect(await catchError(() => build(session, 'a'.repeat(300)))).toMatchObject({ id: 'LX022' });
    expect(session.printed).toEqual(['File name too long']);
  });
});

test.skipIf(process.platform === 'win32')('there is no directory for temporary files', async () => {
  const session = open();
  session.writeRojo(BUILD);
  rmSync(session.temporary, { recursive: true });
  expect(await catchError(() => build(session))).toMatchObject({
    id: 'LX074',
    kind: 'io',
    message: expect.stringContaining(`cannot make a directory in ${session.temporary}: ENOENT`),
    hint: 'let TMPDIR (on Windows TEMP) name a directory that exists and that you may write to',
  });
  expect(session.readSeen).toThrow('ENOENT');
});
