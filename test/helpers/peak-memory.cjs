// Loaded before the program by NODE_OPTIONS: says in a file how much memory the process has taken at most, in bytes.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');

const STATUS = '/proc/self/status';

/** On Linux `maxRSS` counts what the parent took when it forked, so the kernel's own mark of this program goes first. */
function readPeakBytes() {
  const status = existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : '';
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kibibytes) * 1024;
}

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(readPeakBytes())));
// A way to end at any moment, which a signal that kills would not be.
process.on('SIGUSR2', () => process.exit(0));
