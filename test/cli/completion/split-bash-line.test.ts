import { describe, expect, it } from 'vitest';
import { splitBashLine } from '../../../src/cli/completion/split-bash-line.ts';

const plain = (text: string) => ({ raw: text, text, quote: '' });

describe('splitBashLine', () => {
  it.each([
    ['', [], plain('')],
    ['luau-exec', [], plain('luau-exec')],
    ['luau-exec ', ['luau-exec'], plain('')],
    ['luau-exec  run\t', ['luau-exec', 'run'], plain('')],
    ['a --logs=st', ['a'], plain('--logs=st')],
    ['a http://x:1 @la', ['a', 'http://x:1'], plain('@la')],
    ['a -e \'return "1"\' b', ['a', '-e', 'return "1"'], plain('b')],
    ["a 'b c", ['a'], { raw: "'b c", text: 'b c', quote: "'" }],
    ['a "b c', ['a'], { raw: '"b c', text: 'b c', quote: '"' }],
    ['a --arg="b c', ['a'], { raw: '--arg="b c', text: '--arg=b c', quote: '"' }],
    ['a b\\ c', ['a'], { raw: 'b\\ c', text: 'b c', quote: '' }],
    ['a "b\\"c\\d" ', ['a', 'b"c\\d'], plain('')],
    ["a it\\'s 'b'\"c\" ", ['a', "it's", 'bc'], plain('')],
    ["a '' ", ['a', ''], plain('')],
    ['a $(touch x) b', ['a', '$', 'touch', 'x'], plain('b')],
    ['a >out b', ['a'], plain('b')],
    ['a 2> out 2>&1 &>all b', ['a'], plain('b')],
    ['a b2>out c', ['a', 'b2'], plain('c')],
    ['a b\\', ['a'], { raw: 'b\\', text: 'b', quote: '' }],
  ])('of %j', (line, before, current) => {
    expect(splitBashLine(line)).toEqual({ before, current });
  });
});
