import { expect, test } from 'vitest';
import { drawSvg } from '../../scripts/screenshots/draw-svg.mjs';
import { pinTimes, pinWritten } from '../../scripts/screenshots/pins.mjs';
import { formatRow, readScreen } from '../../scripts/screenshots/screen.mjs';

const SIZE = { columns: 40, rows: 5 };
const WIDTH = '8.4';
/** The first column, and the two numbers that follow from it: four and six columns further. */
const [FIRST, FIFTH, SEVENTH] = ['16', '49.6', '66.4'];

/** The texts of a picture of `written`, each as `x width class text`. */
async function drawTexts(written: string): Promise<string[]> {
  const rows = await readScreen(written, SIZE);
  const svg = drawSvg({ rows, columns: SIZE.columns, title: 'a title', windowTitle: 'window' });
  const texts = svg.matchAll(
    /<text x="([\d.]+)" y="[\d.]+" textLength="([\d.]+)" lengthAdjust="spacingAndGlyphs"(?: class="([^"]*)")?>([^<]*)</g,
  );
  return [...texts].map(([, x, width, name = '-', text]) => `${x} ${width} ${name} ${text}`);
}

test.each<[what: string, written: string, expected: string[]]>([
  ['one text with single blanks', 'a b c', [`${FIRST} 42 - a b c`]],
  ['columns apart, each on its own', 'ab  c', [`${FIRST} 16.8 - ab`, `${FIFTH} ${WIDTH} - c`]],
  ['colours', '\x1b[31mred\x1b[39m x', [`${FIRST} 25.2 c1 red`, `${FIFTH} ${WIDTH} - x`]],
  ['bold, dim and colour', '\x1b[1;2;96mx', [`${FIRST} ${WIDTH} c14 b d x`]],
  [
    'wide characters on two columns',
    '你好ab  c',
    [`${FIRST} 33.6 - 你好`, `${FIFTH} 16.8 - ab`, '83.2 8.4 - c'],
  ],
  ['characters outside ASCII apart', '│✓ ok', [`${FIRST} 16.8 - │✓`, '41.2 16.8 - ok']],
  ['what XML would read', `a<b & "c">`, [`${FIRST} 84 - a&lt;b &amp; &quot;c&quot;&gt;`]],
  ['what was written over', 'first\r\x1b[Kab    c', [`${FIRST} 16.8 - ab`, `${SEVENTH} ${WIDTH} - c`]],
  ['nothing', '', []],
])('draws %s', async (_what, written, expected) => expect(await drawTexts(written)).toEqual(expected));

test('has the words for readers who cannot see it, escaped', async () => {
  const rows = await readScreen('a < b\r\n\r\n  c   ', SIZE);
  const svg = drawSvg({ rows, columns: SIZE.columns, title: 'x & y', windowTitle: '<w>' });
  expect(svg).toContain('role="img" aria-labelledby="title text"');
  expect(svg).toContain('<title id="title">x &amp; y</title>');
  expect(svg).toContain('<desc id="text">a &lt; b\n\n  c</desc>');
  expect(svg).toContain('>&lt;w&gt;</text>');
});

test.each(['\x1b[4m', '\x1b[7m', '\x1b[41m', '\x1b[38;5;200m', '\x1b[38;2;1;2;3m'])(
  'does not pretend to know the look of %j',
  async (sequence) => {
    await expect(readScreen(`${sequence}x`, SIZE)).rejects.toThrow('no picture shows the look of "x"');
  },
);

test('keeps what has scrolled away', async () => {
  const rows = await readScreen('1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n', SIZE);
  expect(rows.map(formatRow)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
});

test('pins times from top to bottom, in the style that they had', async () => {
  const rows = await readScreen('✓ a 0.4 s b \x1b[31m12 s\x1b[39m\r\n30 scripts, 1.25 seconds\r\n7 s', SIZE);
  const pinned = pinTimes(rows, ['0.2 s', '3 s', '5 s']);
  expect(pinned.map(formatRow)).toEqual(['✓ a 0.2 s b 3 s', '30 scripts, 1.25 seconds', '5 s']);
  expect(pinned[0]?.slice(12, 15).map(({ style }) => style.color)).toEqual([1, 1, 1]);
  expect(() => pinTimes(rows, ['0.2 s', '3 s'])).toThrow('one time more, 7 s');
  expect(() => pinTimes(rows, ['0.2 s', '3 s', '5 s', '6 s'])).toThrow('no time for 6 s');
});

test('pins what differs from run to run, and nothing else', () => {
  const written = '⠼ /tmp/x-1/game http://127.0.0.1:43121/ on Node 20.19.0, 127.0.0.1:80, Node 20, 4 s';
  expect(pinWritten(written, { home: '/tmp/x-1' })).toBe(
    '⠹ /home/ada/game http://127.0.0.1:50000/ on Node 22.14.0, 127.0.0.1:80, Node 20, 4 s',
  );
});
