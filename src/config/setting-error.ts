import { LuauExecError } from '../errors.ts';
import type { Field } from './fields.ts';
import type { RawValue } from './parse-setting.ts';
import type { Origin } from './settings.ts';

// An id has at most 20 digits. A longer text may be a key in the wrong place, so little of it is shown.
const LONGEST_SHOWN = 32;

/** The origin in words: `--universe`, `ROBLOX_UNIVERSE_ID`, `universeId in /work/.luauexecrc`, `keyring`, `default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
    case 'keyring':
      return origin.kind;
    case 'file':
      return `${origin.key} in ${origin.path}`;
    case 'stored_file':
      return `stored in ${origin.path}`;
    default:
      return origin.name;
  }
}

export interface BadSetting {
  field: Pick<Field<unknown>, 'label' | 'isSecret' | 'errorId'>;
  /** As it stands in the source, before `${NAME}` is replaced, so that no variable's value is shown. */
  raw: RawValue;
  origin: Origin;
  reason: string;
  hint?: string | undefined;
}

/** The error for one value that cannot be used; it names the source and, unless it is secret, the value. */
export function createSettingError(bad: BadSetting): LuauExecError {
  const { field, reason, hint } = bad;
  const subject = field.isSecret ? `the ${field.label}` : `${field.label} ${quoteValue(bad.raw)}`;
  return new LuauExecError(`${subject} ${reason} (from ${describeOrigin(bad.origin)})`, {
    id: field.errorId,
    kind: 'usage',
    ...(field.isSecret ? { facts: ['its value is not shown'] } : {}),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The value in quotes on one line: cut when long, without what could move a cursor or hide text, without passwords. */
export function quoteValue(value: RawValue): string {
  if (typeof value !== 'string') return String(value);
  const withoutPassword = value.replace(/\/\/[^/@]*@/g, '//…@');
  const shown =
    withoutPassword.length > LONGEST_SHOWN ? `${withoutPassword.slice(0, LONGEST_SHOWN)}…` : withoutPassword;
  return `"${shown.replaceAll(/[\p{C}\p{Zl}\p{Zp}"\\]/gu, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
