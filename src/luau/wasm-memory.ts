/**
 * Byte access to the VM's memory. Its size is fixed when the module is compiled, so the views never go stale.
 * Strings are byte strings.
 */
export class WasmMemory {
  readonly bytes: Buffer;
  readonly view: DataView;

  constructor(memory: { buffer: ArrayBuffer }) {
    this.bytes = Buffer.from(memory.buffer);
    this.view = new DataView(memory.buffer);
  }

  readCString(address: number): string {
    return this.bytes.toString('latin1', address, this.bytes.indexOf(0, address));
  }

  readString(address: number, length: number): string {
    return this.bytes.toString('latin1', address, address + length);
  }

  writeCString(address: number, text: string): void {
    this.bytes.write(text, address, 'latin1');
    this.bytes[address + text.length] = 0;
  }
}
