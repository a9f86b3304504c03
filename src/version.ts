import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
/** The versions of Node that this works on: `>=20.19`. */
export const NODE_RANGE: string = manifest.engines.node;
