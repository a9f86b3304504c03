import { describe, expect, test } from 'vitest';
import { parseLuaurc } from '../../src/script/parse-luaurc.ts';
import { RequireProblem } from '../../src/script/require-problem.ts';

const parse = (text: string) => Object.fromEntries(parseLuaurc(text));

function problemOf(text: string): string {
  try {
    parseLuaurc(text);
  } catch (error) {
    if (error instanceof RequireProblem) return error.message;
    throw error;
  }
  return 'none';
}

describe('aliases', () => {
  test.each<[name: string, text: string, aliases: Record<string, string>]>([
    ['none', '{}', {}],
    ['none in theirs', '{"aliases": {}}', {}],
    ['one', '{"aliases": {"a": "./a"}}', { a: './a' }],
    ['trailing commas', '{"aliases": {"a": "./a", "b": "./b",},}', { a: './a', b: './b' }],
    ['letters are lowered', '{"aliases": {"MyLibAZ": "./A"}}', { mylibaz: './A' }],
    ['other letters than those of ASCII stay', '{"aliases": {"a": "./Ä/漢🎮"}}', { a: './Ä/漢🎮' }],
    ['single quotes', "{'aliases': {'a': './a'}}", { a: './a' }],
    ['no space', '{"aliases":{"a":"./a"}}', { a: './a' }],
    ['Windows lines and tabs', '{\r\n\t"aliases": {\r\n\t\t"a": "./a"\r\n\t}\r\n}\r\n', { a: './a' }],
    ['characters that names may have', '{"aliases": {"@a-b_c.9": "x"}}', { '@a-b_c.9': 'x' }],
    ['an alias that is an at sign', '{"aliases": {"@": "x"}}', { '@': 'x' }],
    ['dots', '{"aliases": {"...": "x", ".a": "y"}}', { '...': 'x', '.a': 'y' }],
    [
      'escapes are left alone',
      String.raw`{"aliases": {"a": ".\u0061\\n\"x"}}`,
      { a: String.raw`.\u0061\\n\"x` },
    ],
    ['an empty value', '{"aliases": {"a": ""}}', { a: '' }],
    ['written twice', '{"aliases": {"a": "1"}, "aliases": {"b": "2"}}', { a: '1', b: '2' }],
    // Luau's own rule: it looks for the name as written among names in lower case.
    ['the first of two', '{"aliases": {"a": "1", "a": "2"}}', { a: '1' }],
    ['the last of two with capitals', '{"aliases": {"A": "1", "A": "2"}}', { a: '2' }],
    [
      'names of objects',
      '{"aliases": {"constructor": "x", "toString": "y"}}',
      { constructor: 'x', tostring: 'y' },
    ],
  ])('%s', (_name, text, aliases) => {
    expect(parse(text)).toEqual(aliases);
  });

  test('have the names that they have, whatever objects are made of', () => {
    expect([...parseLuaurc('{"aliases": {"__proto__": "x"}}')]).toEqual([['__proto__', 'x']]);
  });
});

describe('comments', () => {
  test.each([
    ['of Luau', '-- one\n{"aliases": --[[ two\n ]] {"a": "./a" --[==[ ]] ]==] } } -- three'],
    ['of C', '// one\n{"aliases": { // two\n"a": "./a" // three\n} }// four'],
    ['with an apostrophe', '{ // it\'s\n"aliases": {"a": "./a"} }'],
    ['with a quote', '{ // "\n"aliases": {"a": "./a"} }'],
    ['with a bracket', '{ // [[ {\n"aliases": {"a": "./a"} // }\n}'],
    ['in a comment', '-- // it\'s\n--[[ // ]] {"aliases": {"a": "./a"} } // -- --[['],
    ['that look like operators', '{ //= it\'s\n/// "\n"aliases": {"a": "./a"} //// {\n}'],
    ['that end with a carriage return', '{ // it\'s\r"aliases": {"a": "./a"} }'],
    ['behind a comma', '{"aliases": {"a": "./a", // one\n -- two\n},}'],
  ])('%s', (_name, text) => {
    expect(parse(text)).toEqual({ a: './a' });
  });

  test.each([
    ['//', '{"aliases": {"a": "//server/x"}}', '//server/x'],
    ['a closed long comment', '{"aliases": {"a": "--[[ x"}} -- ]]', '--[[ x'],
    ['--', "{'aliases': {'a': './a--b'}}", './a--b'],
    ['[[', '{"aliases": {"a": "[[x]]"}}', '[[x]]'],
    ['a quote', `{"aliases": {"a": "it's // 'x"}}`, "it's // 'x"],
    ['an escaped backslash', '{"aliases": {"a": "x\\\\" // it\'s\n}}', 'x\\\\'],
    ['an escaped quote', String.raw`{"aliases": {"a": "x\"//y"}}`, String.raw`x\"//y`],
  ])('%s in a string is none', (_name, text, value) => {
    expect(parse(text)).toEqual({ a: value });
  });
});

describe('other settings are passed over', () => {
  test.each([
    '"languageMode": "strict", "lint": {"*": true, "LocalUnused": false}, "lintErrors": true,',
    '"globals": ["expect", "it",],',
    '"paths": ["./x"],',
    '"x": 1, "y": -1.5e-3, "z": null, "t": true, "f": false, "s": \'s\',',
    '"deep": {"a": {"b": [1, {"c": []}]}},',
    '"lists": [["a"], ["b"]], "more": [[1, [2, [[3]]]], [], [[]]],',
    '"aliased": {"aliases": {"no": "./no"}},',
    '"list": [{"aliases": {"no": "./no"}}],',
    '"lint": "aliases",',
  ])('%s', (settings) => {
    const aliases = '"aliases": {"a": "./a"}';
    expect(parse(`{${settings} ${aliases}}`)).toEqual({ a: './a' });
    expect(parse(`{${aliases}, ${settings}}`)).toEqual({ a: './a' });
  });

  test('however deep', () => {
    const [open, close] = ['[{"x":', '}]'].map((text) => text.repeat(50_000));
    expect(parse(`{"x": ${open}1${close}, "aliases": {"a": "./a"}}`)).toEqual({ a: './a' });
  });
});

describe('problems', () => {
  test.each([
    ['', 'expected "{" at line 1, got the end of the file'],
    ['\n\n-- nothing', 'expected "{" at line 3, got the end of the file'],
    ['[]', 'expected "{" at line 1, got "["'],
    ['"aliases"', 'expected "{" at line 1, got "aliases"'],
    ['{"aliases": {"a": "./a"}} {', 'expected the end of the file at line 1, got "{"'],
    ['{', 'expected a name in quotes or "}" at line 1, got the end of the file'],
    ['{aliases: {}}', 'expected a name in quotes or "}" at line 1, got "aliases"'],
    ['{[[aliases]]: {}}', 'expected a name in quotes or "}" at line 1, got "["'],
    ['{[=[aliases]=]: {}}', 'expected a name in quotes or "}" at line 1, got [=[aliases]=]'],
    ['{"x": 1,, "y": 2}', 'expected a name in quotes or "}" at line 1, got ","'],
    ['{"x" 1}', 'expected ":" at line 1, got "1"'],
    ['{"x": }', 'expected a value at line 1, got "}"'],
    ['{"x": =}', 'expected a value at line 1, got "="'],
    ['{"x": 1\n"y": 2}', 'expected "," or "}" at line 2, got "y"'],
    ['{"x": [1, {"y": 2]}', 'expected "}" at line 1, got "]"'],
    ['{"x": [1, 2}', 'expected "]" at line 1, got "}"'],
    ['{"x": [1, 2', 'expected "]" at line 1, got the end of the file'],
    ['{"x": ["it\n"]}', 'expected "]" at line 1, got a string without its end: "it'],
    ['{"x": "it // is\n}', 'expected a value at line 1, got a string without its end: "it // is'],
    ['{"x": --[[ 1}', 'expected a value at line 1, got "--[[ 1}"'],
    ['{"aliases": ["a"]}', 'expected "{" at line 1, got "["'],
    ['{"aliases": "./a"}', 'expected "{" at line 1, got "./a"'],
    ['{"aliases": {"a": "./a"\n"b": "./b"}}', 'expected "," or "}" at line 2, got "b"'],
    ['{\n// one\n"aliases": {\n"a": true}}', 'expected a path in quotes at line 4, got "true"'],
    ['{"aliases": {"a": {}}}', 'expected a path in quotes at line 1, got "{"'],
    ['{"aliases": {"a": 5}}', 'expected a path in quotes at line 1, got "5"'],
    ['{"aliases": {"a": `b`}}', 'expected a path in quotes at line 1, got "`b`"'],
    ['{"aliases": {\n"":\n\n"./a"}}', '"" at line 2 cannot be the name of an alias'],
    ['{"aliases": {".": "./a"}}', '"." at line 1 cannot be the name of an alias'],
    ['{"aliases": {"..": "./a"}}', '".." at line 1 cannot be the name of an alias'],
    ['{"aliases": {"a/b": "./a"}}', '"a/b" at line 1 cannot be the name of an alias'],
    [String.raw`{"aliases": {"a\\b": "./a"}}`, String.raw`"a\\b" at line 1 cannot be the name of an alias`],
    ['{"aliases": {"a@b": "./a"}}', '"a@b" at line 1 cannot be the name of an alias'],
    ['{"aliases": {"@@": "./a"}}', '"@@" at line 1 cannot be the name of an alias'],
    ['{"aliases": {"ä": "./a"}}', '"ä" at line 1 cannot be the name of an alias'],
    ['{"aliases": {"a ": "./a"}}', '"a " at line 1 cannot be the name of an alias'],
    [
      '{"x": 1 "a word and then another, much longer than that"}',
      'expected "," or "}" at line 1, got "a word and then another, much longer …',
    ],
    [`{"aliases": {"${'x'.repeat(41)}!": ""}}`, '"…" at line 1 cannot be the name of an alias'],
    [`{"${'x'.repeat(100)}"}`, 'expected ":" at line 1, got "}"'],
    [`{${'x'.repeat(100)}}`, `expected a name in quotes or "}" at line 1, got "…"`],
  ])('%j', (text, message) => {
    expect(problemOf(text)).toBe(message);
  });

  test.each(['"', '\\"', '// ', "'", '--[[', '--[[\n', '[[', '"a', '{"x":'])(
    'a megabyte of %s ends soon',
    (piece) => {
      expect(problemOf(`{"x": ${piece.repeat(1_000_000 / piece.length)}`)).toMatch(/^expected /);
    },
  );
});
