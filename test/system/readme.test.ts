import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutputPattern } from '../helpers/console-blocks.ts';
import { listReadmeBlocks, openReadmeSession, type ReadmeSession } from '../helpers/readme-session.ts';
import { requirePrograms } from './require-programs.ts';

describe('README, where it shows jq', () => {
  let session: ReadmeSession;
  beforeAll(async () => {
    requirePrograms({ jq: 'jq', script: 'bsdutils' });
    session = await openReadmeSession();
  }, 60_000);
  afterAll(() => session.close());

  it.each(listReadmeBlocks('with jq'))('%s', async (_name, { steps }) => {
    for (const { command, expected } of steps)
      expect(await session.show(command)).toMatch(createOutputPattern(expected));
  });
});
