import type { Context } from '../context.ts';
import { createGithubGuard, type GithubGuard, isGithubActions } from '../output/github-guard.ts';
import { guessOutputChoices } from '../output/output-choice.ts';
import { createRedactor, createSink } from '../output/redact.ts';
import { createAbortableInput } from './abortable-input.ts';

/** The world of one call, in which no secret is printed and no line is a command that is not meant to be one. */
export interface GuardedContext {
  context: Context;
  guard: GithubGuard;
  /** From now on this text appears in no output. */
  protect(secret: string): void;
  /** The text without the secrets that are known by now. */
  redact(text: string): string;
}

export function guardContext(argv: readonly string[], world: Context): GuardedContext {
  const secrets = new Set<string>();
  let redact = createRedactor([]);
  const hasCommands = guessOutputChoices(argv).some(({ format }) => format === 'github');
  const guard = createGithubGuard({ isActive: hasCommands || isGithubActions(world.env) });
  const makeSafe = (text: string) => guard.disarm(redact(text));
  return {
    context: {
      ...world,
      stdin: createAbortableInput(world.stdin, world.signal),
      stdout: createSink(world.stdout, makeSafe),
      stderr: createSink(world.stderr, makeSafe),
    },
    guard,
    protect(secret) {
      secrets.add(secret);
      // What fills up base64 at its end says nothing, and `--arg KEY==` is a name without it.
      secrets.add(secret.replace(/=+$/, ''));
      redact = createRedactor([...secrets]);
    },
    redact: (text) => redact(text),
  };
}
