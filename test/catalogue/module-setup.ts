import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliSession } from '../helpers/cli-session.ts';

export const NOT_TEXT = Uint8Array.of(0xff, 0xfe, 0x00);

/** Luau runs in a thread, of which no clock of a test knows. */
export const during = ({ clock }: CliSession) => void clock.hold();

/** A link in the project to a module beside it. */
export function linkOutside({ cwd }: CliSession): () => void {
  const outside = `${cwd}-outside`;
  mkdirSync(outside);
  writeFileSync(join(outside, 'b.luau'), 'return 1\n');
  symlinkSync(join(outside, 'b.luau'), join(cwd, 'src/b.luau'));
  return () => rmSync(outside, { recursive: true });
}

/** A script that requires one thing, and the files beside it. */
export function requiring(path: string, files: Readonly<Record<string, string | Uint8Array>> = {}) {
  return { files: { 'src/a.luau': `local b = require("${path}")\n`, ...files } };
}

/** The same with aliases beside the script. */
export function withAliases(luaurc: string | Uint8Array) {
  return requiring('@x/b', { 'src/.luaurc': luaurc });
}

/** The same with aliases that Luau computes. */
export function withConfig(source: string) {
  return requiring('@x/b', { 'src/.config.luau': source });
}

export const line = 'check src/a.luau';
