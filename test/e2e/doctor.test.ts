import { expect, it } from 'vitest';
import { useWorkplaces } from '../helpers/bin.ts';

const open = useWorkplaces();

it('doctor --local needs nothing and shows that Luau runs', async () => {
  const { exitCode, stdout, stderr } = await open().run(['doctor', '--local', '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    schema: 'luau-exec.doctor/v1',
    ok: true,
    exitCode: 0,
    checks: [
      expect.objectContaining({ name: 'version', status: 'ok' }),
      expect.objectContaining({ name: 'config file', status: 'ok' }),
      {
        name: 'api',
        status: 'ok',
        detail: 'the emulator of this machine: no key, no ids and no network are needed',
        hint: null,
      },
      {
        name: 'luau',
        status: 'ok',
        detail: expect.stringMatching(/^a script ran in \d+\.\d s$/),
        hint: null,
      },
    ],
  });
});

it('doctor names the Node that it runs on', async () => {
  const { exitCode, stdout } = await open().run(['doctor']);
  expect(exitCode).toBe(4);
  expect(stdout).toMatch(/^ok +version +luau-exec \S+ on Node \d+\.\d+\.\d+$/m);
});
