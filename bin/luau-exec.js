#!/usr/bin/env node
// The one question that needs nothing of the program is answered without loading it.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${require('../package.json').version}\n`);
} else {
  require('node:module').enableCompileCache?.();
  require('../dist/cli/main.cjs');
}
