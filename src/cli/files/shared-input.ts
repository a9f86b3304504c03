import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { LuauExecError } from '../../errors.ts';
import { createInputError } from '../../open-cloud/binary-input.ts';
import { measureByteSource } from '../../open-cloud/byte-source.ts';
import { spoolBytes } from '../../open-cloud/spool-bytes.ts';
import { SLOT_FRESH_MS, type UploadedInput, uploadBinaryInput } from '../../open-cloud/upload.ts';
import type { Connection } from '../connect.ts';
import { nameEndKeys } from '../end-keys.ts';
import type { Invocation } from '../invocation.ts';
import type { Asker } from './asker.ts';
import { locateFile, nameAsGiven } from './locate-file.ts';
import { createTransferNote } from './transfer-note.ts';

/** A file whose bytes can be uploaded any number of times. */
export interface InputFile {
  /** As the user named it; `-` for standard input. */
  name: string;
  /** Where the bytes lie. */
  file: string;
  /** Takes away what was made for it. */
  close(): Promise<void>;
}

/**
 * Opens what `--binary-input` names. Standard input and pipes can be read once only, so they are put into a file first.
 * Throws LX015 for what cannot be read or has a size that is not possible, LX074 where no file can be made.
 */
export async function openInputFile(name: string, invocation: Invocation): Promise<InputFile> {
  const { stdin, stderr, signal, platform } = invocation.context;
  if (name === '-') {
    if (stdin.isTTY)
      stderr.write(`reading the binary input from the terminal; end it with ${nameEndKeys(platform)}\n`);
    return spool('-', stdin, signal);
  }
  const file = locateFile(name, invocation);
  const found = await stat(file).catch(() => null);
  if (found !== null && !found.isFile() && !found.isDirectory()) {
    return spool(name, createReadStream(file), signal);
  }
  await measureByteSource(file).catch((error: unknown) => {
    throw nameAsGiven(error, { file, name });
  });
  return { name, file, close: async () => undefined };
}

async function spool(
  name: string,
  stream: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal,
): Promise<InputFile> {
  const spooled = await spoolBytes(stream, { signal });
  return { name, file: spooled.file, close: spooled.remove };
}

export interface SharedInputOptions {
  input: InputFile;
  queueTimeoutMs: number;
  invocation: Invocation;
  connection: Connection;
}

/** The binary input of a call: one slot for all of its scripts, made anew when it has grown old. */
export class SharedInput {
  readonly name: string;
  readonly #options: SharedInputOptions;
  #current: Promise<UploadedInput> | null = null;
  #sha256: string | null = null;

  constructor(options: SharedInputOptions) {
    this.#options = options;
    this.name = options.input.name;
  }

  /**
   * A slot with the bytes in it; the first who asks uploads them. Throws what `uploadBinaryInput` throws, LX015 where the
   * file is another one by the time it is uploaded again, and LX602 where a signal stops it.
   */
  async take(asker: Asker): Promise<UploadedInput> {
    this.#current ??= this.#start(asker);
    const taken = this.#current;
    const slot = await taken;
    if (!this.isOld(slot)) return slot;
    // Several may find it old at once; the first has replaced it by then.
    if (this.#current === taken) this.#current = this.#start(asker);
    return this.#current;
  }

  isOld({ createdAtMs }: UploadedInput): boolean {
    return this.#options.invocation.context.clock.now() - createdAtMs > SLOT_FRESH_MS;
  }

  /** The next one who asks has the file uploaded anew, whatever it holds by then. */
  forget(): void {
    this.#current = null;
    this.#sha256 = null;
  }

  async #start(asker: Asker): Promise<UploadedInput> {
    try {
      return await this.#upload(asker);
    } catch (error) {
      const { input } = this.#options;
      const { signal } = asker;
      if (!signal.aborted || error !== signal.reason) throw nameAsGiven(error, input);
      throw new LuauExecError('stopped while the binary input was uploaded; the script was not sent', {
        id: 'LX602',
        kind: 'interrupted',
        hint: 'run it again',
      });
    }
  }

  async #upload({ listen, signal }: Asker): Promise<UploadedInput> {
    const { input, queueTimeoutMs, invocation, connection } = this.#options;
    const { clock, stream } = invocation.context;
    const { client, universeId, onTrace } = connection;
    const note = createTransferNote(`uploading ${input.name}`, listen);
    const sizeBytes = await measureByteSource(input.file);
    const slot = await client.createBinaryInput(
      { universeId, sizeBytes },
      { signal, onWait: note.wait, queueTimeoutMs },
    );
    const uploaded = await uploadBinaryInput(slot, input.file, {
      ...{ client, stream, clock, signal },
      onProgress: note.progress,
      onWait: note.wait,
      ...(onTrace && { onTrace }),
    });
    note.done();
    if (this.#sha256 !== null && this.#sha256 !== uploaded.sha256) {
      throw createInputError(`${input.name} is not what it was when the first script was sent`);
    }
    this.#sha256 = uploaded.sha256;
    return uploaded;
  }
}
