import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findMedian, shuffle } from './measure.mjs';
import { timeProcess } from './time-process.mjs';

// What large files cost: none may be in memory whole.

const MIB = 1024 * 1024;
const MB = 1_000_000;
const INPUT_BYTES = 100 * MIB;
const OUTPUT_BYTES = 256 * MIB;
/** Above what a run without files takes. */
const MOST_MB = 150;
const ROUNDS = 7;

/** Names of the variants; without files it is the idle process. */
const IDLE = 'run';
const UPLOADS = ['run --binary-input FILE', 'run --binary-input -', 'run --place-file FILE'];
const DOWNLOAD = 'run --binary-output FILE';

const PEAK_MEMORY = fileURLToPath(new URL('../test/helpers/peak-memory.cjs', import.meta.url));

/**
 * Runs the program with each kind of file, shuffled, on each Node, and returns one sample a call:
 * `{ round, group, variant, peakBytes, wallMs }`. Throws where a call fails or leaves less than all of its output.
 */
export async function measureTransfers({ nodes, program, oneFile, serverUrl, place, env }) {
  const directory = join(place, 'transfers');
  mkdirSync(directory);
  const variants = createVariants({ program, oneFile, serverUrl, files: createFiles(directory) });
  const pairs = nodes.flatMap((node) => variants.map((variant) => ({ node, variant })));
  const samples = [];
  // The first round fills caches, as in the other measurements.
  for (let round = -1; round < ROUNDS; round++) {
    for (const { node, variant } of shuffle(pairs)) {
      const figures = await measureCall(node.path, variant, { directory, env });
      if (round >= 0) samples.push({ round, group: node.version, variant: variant.name, ...figures });
    }
  }
  return samples;
}

/** Files without blocks on the disk: what is in them plays no part, and they are read all the same. */
function createFiles(directory) {
  const files = { input: join(directory, 'in.bin'), place: join(directory, 'game.rbxl') };
  writeFileSync(files.input, '');
  writeFileSync(files.place, '<roblox!');
  for (const file of Object.values(files)) truncateSync(file, INPUT_BYTES);
  return { ...files, output: join(directory, 'out.bin') };
}

function createVariants({ program, oneFile, serverUrl, files }) {
  const run = [program, 'run', oneFile, '--base-url', serverUrl, '-u', '1', '-p', '1'];
  const stdout = /^1\n$/;
  return [
    { name: IDLE, args: run, stdout },
    { name: UPLOADS[0], args: [...run, '--binary-input', files.input], stdout },
    { name: UPLOADS[1], args: [...run, '--binary-input', '-'], stdout, stdinFile: files.input },
    { name: UPLOADS[2], args: [...run, '--place-file', files.place], stdout },
    { name: DOWNLOAD, args: [...run, '--binary-output', files.output], stdout, outputFile: files.output },
  ];
}

async function measureCall(node, { args, outputFile, ...variant }, { directory, env }) {
  // With a memory of its own, as a place that is known is not uploaded again.
  const own = mkdtempSync(join(directory, 'call-'));
  const peakFile = join(own, 'peak');
  try {
    const { wallMs } = await timeProcess(
      node,
      { ...variant, args: ['--require', PEAK_MEMORY, ...args] },
      {
        env: { ...env, LUAU_EXEC_STATE_DIR: join(own, 'state'), PEAK_MEMORY_FILE: peakFile },
        cwd: directory,
      },
    );
    if (outputFile && statSync(outputFile).size !== OUTPUT_BYTES) throw new Error('the output is not whole');
    return { peakBytes: Number(readFileSync(peakFile, 'utf8')), wallMs };
  } finally {
    rmSync(own, { recursive: true });
    if (outputFile) rmSync(outputFile, { force: true });
  }
}

/** The section of results.md: medians over the rounds, and the worst round, by which the target is met or not. */
export function formatTransfers(samples, nodes) {
  const [inputMib, outputMib] = [INPUT_BYTES / MIB, OUTPUT_BYTES / MIB];
  return [
    '# Memory of large files',
    '',
    `The most memory that a whole process had at once (resident), and what of it is above \`${IDLE}\` without files of`,
    `the same Node. ${inputMib} MiB go out, from a file or through a pipe, and ${outputMib} MiB come in, as fast as a server on`,
    'loopback takes and gives them. MB/s is the size by the time of the whole call, the start included. Medians of',
    `${ROUNDS} rounds; the target is held against the worst one: less than ${MOST_MB} MB above.`,
    '',
    ...nodes.flatMap((node) => formatNode(node, samples)),
  ].join('\n');
}

function formatNode({ version }, samples) {
  const own = samples.filter(({ group }) => group === version);
  const samplesOf = (name) => own.filter(({ variant }) => variant === name);
  const idle = findMedian(samplesOf(IDLE).map(readPeak));
  return [
    `## Node ${version}`,
    '',
    `\`${IDLE}\` takes ${idle.toFixed(0)} MB.`,
    '',
    '| call | MiB | peak, MB | above, MB | worst above, MB | less than | met | MB/s |',
    '|---|---|---|---|---|---|---|---|',
    ...[...UPLOADS, DOWNLOAD].map((name) => formatRow(name, samplesOf(name), idle)),
    '',
  ];
}

function formatRow(name, samples, idle) {
  const sizeBytes = name === DOWNLOAD ? OUTPUT_BYTES : INPUT_BYTES;
  const peaks = samples.map(readPeak);
  const peak = findMedian(peaks);
  const worst = Math.max(...peaks) - idle;
  const rate = findMedian(samples.map(({ wallMs }) => sizeBytes / MB / (wallMs / 1_000)));
  const cells = [
    `\`${name}\``,
    sizeBytes / MIB,
    peak.toFixed(0),
    (peak - idle).toFixed(0),
    worst.toFixed(0),
    MOST_MB,
    worst < MOST_MB ? 'yes' : 'NO',
    rate.toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

function readPeak({ peakBytes }) {
  return peakBytes / MB;
}
