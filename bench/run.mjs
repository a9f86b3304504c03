// Measures how long the built program takes to start and how much memory large files take, and writes results.md
// beside this file.
//   node bench/run.mjs [--rounds 21] [--node PATH]... [--package DIR] [--output FILE]
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir, type } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatComposing, writeModules } from './composing.mjs';
import { findNodes } from './find-nodes.mjs';
import { formatResults } from './format-results.mjs';
import { shuffle, summarise } from './measure.mjs';
import { formatPolling, measurePolling } from './polling.mjs';
import { startServer } from './start-server.mjs';
import { timeProcess } from './time-process.mjs';
import { formatTransfers, measureTransfers } from './transfers.mjs';
import { BASE, createVariants } from './variants.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Rounds before the first that counts: they fill the file system's cache and Node's compile cache. */
const WARM_UP_ROUNDS = 2;
/** No round begins after this, however slow the machine is. */
const LIMIT_MS = 10 * 60_000;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '21' },
    node: { type: 'string', multiple: true, default: [] },
    package: { type: 'string', default: root },
    output: { type: 'string', default: join(root, 'bench', 'results.md') },
  },
});

async function main() {
  const rounds = Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1 on');
  const nodes = findNodes(options.node);
  const place = mkdtempSync(join(tmpdir(), 'luau-exec-bench-'));
  const server = await startServer();
  try {
    const copied = { ...copyProgram(place), serverUrl: server.url };
    const env = createEnvironment(place);
    const variants = createVariants(copied);
    const samples = await measureRounds({ nodes, variants, rounds, place, env });
    const transfers = await measureTransfers({ ...copied, nodes, place, env });
    report({ nodes, variants, samples, transfers });
  } finally {
    await server.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

/** A copy cannot be rebuilt by somebody else while it is measured, and no config file of the project is found. */
function copyProgram(place) {
  for (const name of ['bin', 'dist', 'package.json']) {
    cpSync(resolve(options.package, name), join(place, 'program', name), { recursive: true });
  }
  const oneFile = join(place, 'one.luau');
  const helloFile = join(place, 'hello.luau');
  writeFileSync(oneFile, 'return 1\n');
  cpSync(join(root, 'examples', 'hello.luau'), helloFile);
  const program = join(place, 'program', 'bin', 'luau-exec.js');
  return { program, oneFile, helloFile, modulesFile: writeModules(place) };
}

async function measureRounds({ nodes, variants, rounds, place, env }) {
  const pairs = nodes.flatMap((node) => variants.map((variant) => ({ node, variant })));
  const samples = [];
  const startedAt = performance.now();
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    if (performance.now() - startedAt > LIMIT_MS) {
      process.stderr.write(`stopped after ${Math.max(0, round)} of ${rounds} rounds: it took too long\n`);
      break;
    }
    for (const { node, variant } of shuffle(pairs)) {
      const times = await timeProcess(node.path, variant, { env, cwd: place });
      if (round >= 0) samples.push({ round, group: node.version, variant: variant.name, ...times });
    }
  }
  return samples;
}

/** The user's own environment less what would change the time or the path through the program. */
function createEnvironment(place) {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(NODE_|npm_|LUAU_EXEC_|ROBLOX_|RBLX|RBXCLOUD_|CI$|GITHUB_|FORCE_COLOR$)|_proxy$/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    NO_COLOR: '1',
    ROBLOX_API_KEY: 'key-of-the-bench',
    LUAU_EXEC_STATE_DIR: join(place, 'state'),
    // Node's compile cache lies in the system's place for temporary files.
    TMPDIR: place,
    TEMP: place,
    TMP: place,
  };
}

function report({ nodes, variants, samples, transfers }) {
  const rows = summarise(samples, BASE).map((row) => {
    const node = nodes.find(({ version }) => version === row.group);
    const target = variants.find(({ name }) => name === row.variant).target(node.major);
    return { ...row, target, isMet: target === null ? null : row.ratio <= target };
  });
  const order = variants.map(({ name }) => name);
  rows.sort((a, b) => order.indexOf(a.variant) - order.indexOf(b.variant));
  const startUp = formatResults({
    date: new Date().toISOString().slice(0, 10),
    machine: { cpu: cpus()[0].model.trim(), cores: availableParallelism(), system: `${type()} ${release()}` },
    nodes,
    rounds: Math.max(0, ...rows.map((row) => row.rounds)),
    rows,
    base: BASE,
  });
  const text = [
    startUp,
    formatComposing(samples, nodes),
    formatTransfers(transfers, nodes),
    formatPolling(measurePolling(root)),
  ].join('\n');
  writeFileSync(options.output, text);
  process.stdout.write(text);
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
