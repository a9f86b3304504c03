/**
 * A plugin for rolldown's CommonJS: a file names these parts of Node at its top, and they are loaded when something of
 * them is first used. For those that take milliseconds and that most calls never come to.
 */
export function lazyBuiltins(names) {
  const pattern = new RegExp(`^let (\\w+) = require\\("(${names.join('|')})"\\);$`, 'gm');
  return {
    name: 'lazy-builtins',
    renderChunk: (code) =>
      code.replace(
        pattern,
        (_, variable, name) =>
          `const ${variable} = new Proxy({}, { get: (_, key) => require("${name}")[key] });`,
      ),
  };
}
