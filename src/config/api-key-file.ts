import { resolve } from 'node:path';
import { LuauExecError } from '../errors.ts';
import { decodeText, readTextFile } from './read-text-file.ts';

/** The part of standard input that reading a key needs. */
export interface KeyInput extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean | undefined;
}

export interface ApiKeySource {
  /** A file name, or `-` for standard input. */
  file: string;
  cwd: string;
  readonly stdin: KeyInput;
}

// A key is some hundred characters. More than this is another file, named by mistake.
const LIMIT_BYTES = 65_536;

/**
 * The text of `--api-key-file` without white space around it, else not checked; throws a usage error when it cannot be
 * read. `stdin` is not touched unless it is asked for: Node takes about 5 ms to set it up, so it may be a getter.
 */
export async function readApiKeyFile(source: ApiKeySource): Promise<string> {
  if (source.file === '-') return readFromStdin(source.stdin);
  const read = await readTextFile(resolve(source.cwd, source.file), LIMIT_BYTES);
  if (read.ok) return read.text.trim();
  throw createKeyFileError(
    `the API key file ${source.file} ${read.reason}`,
    'name a file that holds the key alone',
  );
}

async function readFromStdin(stdin: KeyInput): Promise<string> {
  // What is typed at a terminal shows on it, and stays in its scrollback.
  if (stdin.isTTY) {
    throw createKeyFileError('the API key cannot be typed at a terminal', 'use --api-key-file - < FILE');
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    sizeBytes += bytes.length;
    if (sizeBytes > LIMIT_BYTES) {
      throw createKeyFileError(
        `standard input is larger than ${LIMIT_BYTES} bytes, which no API key is`,
        'use --api-key-file - < FILE',
      );
    }
    chunks.push(bytes);
  }
  const text = decodeText(Buffer.concat(chunks));
  if (text !== null) return text.trim();
  throw createKeyFileError('the API key on standard input is not UTF-8 text', 'use --api-key-file - < FILE');
}

function createKeyFileError(message: string, hint: string): LuauExecError {
  return new LuauExecError(message, { id: 'LX002', kind: 'usage', hint });
}
