import { createHash } from 'node:crypto';

const MAX_NAME_LENGTH = 200;
const UNNAMED = '~unnamed';
const PLAIN = /[a-z0-9_-]/;
/** What Windows keeps for devices, whatever follows behind a dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * A file name for any text, without an ending. It differs for any two texts also where letter case or the form of
 * accents makes no difference, and is a device or a directory above nowhere. Most names can be read: a capital has a
 * plus sign before it, all else is percent-encoded. What becomes too long for a file system is hashed.
 */
export function formatDataFileName(text: string): string {
  if (text === '') return UNNAMED;
  const name = [...text].map(formatCharacter).join('');
  if (name.length > MAX_NAME_LENGTH) return `~${createHash('sha256').update(text).digest('hex')}`;
  return DEVICE.test(name) ? `${formatBytes(name.slice(0, 1))}${name.slice(1)}` : name;
}

/** The text that has this name; null where the name does not tell it, or is nobody's. */
export function parseDataFileName(name: string): string | null {
  const escaped = name.replaceAll(/\+([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  try {
    const text = decodeURIComponent(escaped);
    return text !== '' && formatDataFileName(text) === name ? text : null;
  } catch {
    return null;
  }
}

function formatCharacter(character: string): string {
  if (PLAIN.test(character)) return character;
  return /[A-Z]/.test(character) ? `+${character.toLowerCase()}` : formatBytes(character);
}

function formatBytes(text: string): string {
  return Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');
}
