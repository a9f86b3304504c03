import type { CliSessionOptions } from '../helpers/cli-session.ts';

export const SCRIPT: CliSessionOptions = { files: { 'a.luau': 'A' }, scripts: { A: {} } };
