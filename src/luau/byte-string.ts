// Luau strings are bytes. Between the VM and the worker they travel as byte strings: JavaScript strings in which each
// character stands for one byte (U+0000 to U+00FF), so that nothing is lost. They become text only at the very edge.

/** Text to the byte string of its UTF-8 form. */
export function encodeByteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A byte string to text; bytes that are not UTF-8 become U+FFFD. */
export function decodeByteString(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
