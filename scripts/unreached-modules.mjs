// Modules that our dependencies load and that our use of them never reaches. Together they take some 15 ms, a good
// part of a short run, so the bundles get these stand-ins. A call into one is a mistake of ours, and fails at once.
const UNDICI = /[\\/]undici[\\/]lib[\\/]/;
const STANDINS = [
  // Commands that are files of their own.
  { module: 'node:child_process', importer: /[\\/]commander[\\/]lib[\\/]/, text: 'module.exports = {}' },
  // HTTP/2, which the transport switches off.
  { module: './client-h2.js', importer: UNDICI, text: 'module.exports = undefined' },
  // Forms as request bodies; with them would come all of fetch.
  { module: '../web/fetch/body.js', importer: UNDICI, text: 'module.exports = {}' },
  // Another server's request as a body, and a default for what the transport always sets.
  {
    module: 'node:http',
    importer: UNDICI,
    text: 'module.exports = { IncomingMessage: class {}, maxHeaderSize: 16384 }',
  },
  // Only ever called as a function.
  {
    module: 'node:assert',
    importer: UNDICI,
    text: `module.exports = (value, message = 'an assertion of undici failed') => {
  if (!value) throw Object.assign(new Error(message), { code: 'ERR_ASSERTION' })
}`,
  },
];
const PREFIX = '\0unreached ';

function findStandin(source, importer = '') {
  return STANDINS.findIndex((standin) => standin.module === source && standin.importer.test(importer));
}

/** The build must not call external what has a stand-in. */
export function isUnreached(source, importer) {
  return findStandin(source, importer) >= 0;
}

/** A plugin for rolldown that puts the stand-ins in place. */
export function unreachedModules() {
  return {
    name: 'unreached-modules',
    resolveId: (source, importer) => {
      const found = findStandin(source, importer);
      return found < 0 ? null : `${PREFIX}${found}.cjs`;
    },
    load: (id) =>
      id.startsWith(PREFIX) ? STANDINS[Number.parseInt(id.slice(PREFIX.length), 10)].text : null,
  };
}
