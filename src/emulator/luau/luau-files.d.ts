/** Luau sources are bundled into the worker as text. */
declare module '*.luau' {
  const source: string;
  export default source;
}
