#!/usr/bin/env node
// The one question that needs nothing of the program is answered without loading it.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  printVersion(`${require('../package.json').version}\n`);
} else {
  // Node 20 has no compile cache, and asking it would load its source maps.
  if (Number.parseInt(process.versions.node, 10) >= 22) require('node:module').enableCompileCache?.();
  require('../dist/cli/main.cjs');
}

/** Written past process.stdout, which takes 3 ms to make, except where the pipe cannot take it at once. */
function printVersion(line) {
  try {
    require('node:fs').writeSync(1, line);
  } catch (error) {
    // A reader that has gone wanted no more of it.
    if (error.code === 'EPIPE') return;
    if (error.code === 'EAGAIN') return writeLater(process.stdout, line);
    process.exitCode = 74;
    writeLater(process.stderr, `error: the output could not be written: ${error.code}\n`);
  }
}

function writeLater(stream, text) {
  stream.on('error', () => undefined);
  stream.write(text);
}
