import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.ts';

const PICTURES = join(ROOT, 'docs', 'pictures');

it.each(readdirSync(PICTURES))('%s is well-formed XML to a parser that knows nothing of ours', (name) => {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', join(PICTURES, name)], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
