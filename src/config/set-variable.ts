import type { Context } from '../context.ts';

/** In whose words a hint says how to set a variable. */
export type Shell = 'posix' | 'powershell';

/** PowerShell on Windows, unless one of the shells that MSYS2 and Git brought there has started this process. */
export function findShell({ platform, env }: Pick<Context, 'platform' | 'env'>): Shell {
  return platform === 'win32' && !env.MSYSTEM ? 'powershell' : 'posix';
}

/** The command that sets these variables, with `…` where the user knows the values. */
export function describeSetVariables(names: readonly string[], shell: Shell): string {
  return shell === 'powershell'
    ? names.map((name) => `$env:${name}="…"`).join('; ')
    : `export ${names.map((name) => `${name}=…`).join(' ')}`;
}

/** The command that takes a variable away. */
export function describeUnsetVariable(name: string, shell: Shell): string {
  return shell === 'powershell' ? `Remove-Item Env:${name}` : `unset ${name}`;
}

/**
 * Who can read a file of mode 600. Windows has no such bits: there it has the rights that its directory hands down,
 * which nothing is claimed of.
 */
export function describePrivacy(platform: string): string {
  return platform === 'win32' ? 'as plain text' : 'which only you can read';
}
