import callArguments from './prelude/arguments.luau';
import control from './prelude/control.luau';
import dataStore from './prelude/data-store.luau';
import dataStoreService from './prelude/data-store-service.luau';
import decodeJson from './prelude/decode-json.luau';
import encodeJson from './prelude/encode-json.luau';
import engineCalls from './prelude/engine-calls.luau';
import enums from './prelude/enums.luau';
import globals from './prelude/globals.luau';
import logService from './prelude/log-service.luau';
import memoryArguments from './prelude/memory-arguments.luau';
import memoryStores from './prelude/memory-stores.luau';
import messagingService from './prelude/messaging-service.luau';
import notEmulated from './prelude/not-emulated.luau';
import objects from './prelude/objects.luau';
import output from './prelude/output.luau';
import scheduler from './prelude/scheduler.luau';
import services from './prelude/services.luau';
import signal from './prelude/signal.luau';
import taskLibrary from './prelude/task-library.luau';

/** One file of the prelude: a chunk that is given what it needs as `...` and returns what it offers. */
interface Part {
  name: string;
  source: string;
  needs: readonly string[];
}

const REMOTE_SERVICES = `{ ${['LogService', 'MemoryStoreService', 'DataStoreService', 'MessagingService']
  .map((name) => `${name} = ${name}`)
  .join(', ')} }`;

const PARTS: readonly Part[] = [
  { name: 'json', source: encodeJson, needs: [] },
  { name: 'decodeJson', source: decodeJson, needs: [] },
  { name: 'output', source: output, needs: ['host'] },
  { name: 'scheduler', source: scheduler, needs: ['output'] },
  { name: 'tasks', source: taskLibrary, needs: ['scheduler'] },
  { name: 'objects', source: objects, needs: [] },
  { name: 'signal', source: signal, needs: ['objects', 'scheduler'] },
  { name: 'enums', source: enums, needs: ['objects'] },
  { name: 'engineCalls', source: engineCalls, needs: ['host', 'scheduler', 'json', 'decodeJson'] },
  { name: 'LogService', source: logService, needs: ['objects', 'signal', 'scheduler', 'output', 'enums'] },
  { name: 'arguments', source: callArguments, needs: ['json', 'objects'] },
  { name: 'memoryArguments', source: memoryArguments, needs: ['objects', 'json', 'enums', 'arguments'] },
  {
    name: 'MemoryStoreService',
    source: memoryStores,
    needs: ['objects', 'engineCalls', 'memoryArguments', 'arguments'],
  },
  {
    name: 'createDataStore',
    source: dataStore,
    needs: ['objects', 'engineCalls', 'arguments', 'decodeJson'],
  },
  {
    name: 'DataStoreService',
    source: dataStoreService,
    needs: ['objects', 'arguments', 'createDataStore'],
  },
  {
    name: 'MessagingService',
    source: messagingService,
    needs: ['objects', 'scheduler', 'engineCalls', 'arguments', 'decodeJson'],
  },
  {
    name: 'services',
    source: services,
    needs: ['objects', 'signal', 'scheduler', 'json', 'decodeJson', 'place', REMOTE_SERVICES],
  },
  { name: 'notEmulated', source: notEmulated, needs: ['objects'] },
  { name: 'globals', source: globals, needs: ['objects', 'output', 'tasks', 'services', 'enums'] },
  { name: 'control', source: control, needs: ['host', 'output', 'scheduler', 'json', 'engineCalls'] },
];

/**
 * The Luau that runs before the script, as one chunk: it takes the host function and the place's universe id, place
 * id, version and job id, and returns the function that `prelude/control.luau` describes.
 */
export function createPrelude(): string {
  const parts = PARTS.map(
    (part) => `local ${part.name} = (function(...)\n${part.source}\nend)(${part.needs.join(', ')})`,
  );
  return [
    'local host, universeId, placeId, placeVersion, jobId = ...',
    'local place = { universeId = universeId, placeId = placeId, placeVersion = placeVersion, jobId = jobId }',
    ...parts,
    'return control',
  ].join('\n');
}
