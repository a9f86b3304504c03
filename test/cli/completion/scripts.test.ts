import { describe, expect, it } from 'vitest';
import powershell from '../../../src/cli/completion/scripts/completion.ps1';
import { useCliSessions } from '../../helpers/cli-session.ts';

const open = useCliSessions();
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What is still open at the end of a PowerShell script, or was closed wrongly. */
function findOpenBrackets(script: string): string[] {
  const code = script.replace(/^\s*#.*$/gm, '').replace(/'(?:[^']|'')*'|"(?:`.|""|[^"`])*"/g, 'text');
  expect(code).not.toMatch(/['"]/);
  const waiting: string[] = [];
  for (const letter of code) {
    const closing = CLOSING[letter];
    if (closing !== undefined) waiting.push(closing);
    else if (Object.values(CLOSING).includes(letter) && waiting.pop() !== letter)
      waiting.push(`not ${letter}`);
  }
  return waiting;
}

describe('completion', () => {
  it.each([
    ['bash', /^complete .* luau-exec$/m],
    ['zsh', /^#compdef luau-exec$/m],
    ['fish', /^complete -c luau-exec /m],
    ['powershell', /^Register-ArgumentCompleter -Native -CommandName 'luau-exec'/m],
  ])('prints the script of %s, alone or in a document', async (shell, pattern) => {
    const session = await open();
    const { exitCode, stdout, stderr } = await session.run('completion', shell);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(pattern);
    const document: unknown = JSON.parse((await session.run('completion', shell, '--json')).stdout);
    expect(document).toEqual({ schema: 'luau-exec.completion/v1', shell, script: stdout });
  });

  it('tells how each shell takes it', async () => {
    const { stdout } = await (await open()).run('completion', '--help');
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
      expect(stdout).toContain(`luau-exec completion ${shell}`);
  });

  it('is refused for a shell that it does not know', async () => {
    const { exitCode, stderr } = await (await open()).run('completion', 'tcsh');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('choices are bash, zsh, fish, powershell');
  });
});

// No PowerShell runs where these tests do: what of its script can be held without one.
describe('the script of PowerShell', () => {
  it('has brackets and quotes that match, and nothing but ASCII, which 5.1 reads in any file', () => {
    expect(findOpenBrackets(powershell)).toEqual([]);
    expect(powershell).toMatch(/^[\t\n -~]*$/);
  });

  it('asks in a way that the program answers', async () => {
    const mode = /& luau-exec complete (\S+) 2>/.exec(powershell)?.[1] ?? '';
    const variable = /\$env:(\w+) = ConvertTo-Json/.exec(powershell)?.[1] ?? '';
    const session = await open({ env: { [variable]: '["auth","s"]' } });
    expect((await session.run('complete', mode)).stdout).toBe('set\nstatus\nremove\n:36\n');
  });
});
