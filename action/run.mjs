// @ts-check
// The second step of the action: makes the command line of the inputs, and becomes luau-exec. There is no process in
// between, so signals, streams and the exit code are its own.
import { appendFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InputError, readInputs } from './read-inputs.mjs';
import { formatErrorCommand } from './workflow-command.mjs';

const { env } = process;

try {
  const call = readInputs(env);
  enterDirectory(call.workingDirectory);
  const bin = join(env.ACTION_PROGRAM ?? '', 'bin', 'luau-exec.js');
  for (const name of Object.keys(env)) if (/^(INPUT_|ACTION_PROGRAM$)/.test(name)) delete env[name];
  if (call.apiKey !== '') env.LUAU_EXEC_API_KEY = call.apiKey;
  // The names in annotations are relative to it, and a directory knows itself by no other name than its real one.
  if (env.GITHUB_WORKSPACE) env.GITHUB_WORKSPACE = realpathSync(env.GITHUB_WORKSPACE);
  process.argv = [process.execPath, bin, ...call.argv];
  createRequire(import.meta.url)(bin);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stdout.write(formatErrorCommand(error.message));
  // As luau-exec says it of words that it cannot use.
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, 'outcome=usage\nexit-code=2\n');
  process.exitCode = 2;
}

/** @param {string} directory */
function enterDirectory(directory) {
  try {
    process.chdir(directory);
  } catch {
    throw new InputError(`the input working-directory names no directory: ${JSON.stringify(directory)}`);
  }
}
