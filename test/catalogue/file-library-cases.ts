import { measureByteSource } from '../../src/open-cloud/byte-source.ts';
import { uploadPlace } from '../../src/open-cloud/upload-place.ts';
import type { LibraryCase } from './library-case.ts';

const PLACE = new TextEncoder().encode('<roblox!');

/** Files that a program gives in another way than the command line does. */
export const fileLibraryCases: readonly LibraryCase[] = [
  {
    does: 'a device for binary input',
    id: 'LX015',
    says: ['cannot read /dev/null: it is not a regular file'],
    call: () => measureByteSource('/dev/null'),
  },
  {
    does: 'bytes that are no place',
    id: 'LX020',
    says: [
      'what was given is not a place file',
      'hint: name a file that Studio or rojo has made, .rbxl or .rbxlx',
    ],
    call: ({ client }) =>
      uploadPlace(client, new Uint8Array(9), { universeId: '11', placeId: '22', versionType: 'Saved' }),
  },
  {
    does: 'a place that is no id',
    id: 'LX005',
    says: ['a universe or place id is a positive whole number'],
    call: ({ client }) =>
      uploadPlace(client, PLACE, { universeId: '11', placeId: 'x', versionType: 'Saved' }),
  },
];
