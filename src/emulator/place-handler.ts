import { type Answer, createTextAnswer } from './api-answers.ts';
import type { ApiRequest } from './api-request.ts';
import { readPlaceFile } from './place-file.ts';
import { readId } from './task-handlers.ts';
import type { World } from './world.ts';

/** Takes a place file and answers with the number of its version. A body that is cut off leaves no version. */
export async function uploadPlace({ places }: Pick<World, 'places'>, request: ApiRequest): Promise<Answer> {
  const universeId = readId(request, 'universeId');
  const placeId = readId(request, 'placeId');
  const isPublished = readVersionType(request) === 'Published';
  const file = await readPlaceFile(request);
  if (file === null) throw request.refuse('INVALID_ARGUMENT', 'Invalid file content.');
  const versionNumber = places.upload({ universeId, placeId }, { ...file, isPublished });
  // JSON that says it is text, as in the OpenAPI document.
  return createTextAnswer(JSON.stringify({ versionNumber }));
}

function readVersionType({ query, refuse }: ApiRequest): 'Saved' | 'Published' {
  const type = query.get('versionType');
  if (type === 'Saved' || type === 'Published') return type;
  throw refuse('INVALID_ARGUMENT', 'versionType must be Saved or Published.');
}
