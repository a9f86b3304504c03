import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { downloadBinaryOutput } from '../../src/open-cloud/download.ts';
import type { LibraryCase } from './library-case.ts';
import { downloadTo, failing, refuseUri, uploading } from './library-setup.ts';

/** Binary data that does not get to its store, or back. */
export const transferCases: readonly LibraryCase[] = [
  refuseUri(
    'that is too long',
    `https://example.com/${'x'.repeat(20_000)}`,
    'it is longer than 8192 characters',
  ),
  refuseUri('that is none', 'x', 'it is not a URI'),
  refuseUri('with a name', 'https://a@example.com/', 'it holds a user name or password'),
  refuseUri('in the clear', 'http://example.com/', 'it begins with http: instead of https:'),
  refuseUri('of a number', 'https://127.0.0.1/', 'its host is not a DNS name'),
  refuseUri('of the local network', 'https://printer.local/', 'its host is a name of the local network'),
  refuseUri('with a port', 'https://example.com:8443/', 'it names port 8443'),
  {
    does: 'an upload that is redirected',
    id: 'LX530',
    says: [
      'refused a redirect to example.com while uploading the binary input',
      'HTTP 302',
      'nothing was sent there',
      'hint: sign in to the network if it has a login page',
    ],
    ...uploading({ redirect: 'https://example.com/x' }),
  },
  {
    does: 'an upload that is redirected to nowhere',
    id: 'LX530',
    says: [
      'refused a redirect to another address while uploading the binary input',
      'HTTP 302',
      'nothing was sent there',
      'hint: sign in to the network if it has a login page',
    ],
    ...uploading({ redirect: '/x' }),
  },
  {
    does: 'an upload that is refused',
    id: 'LX540',
    says: [
      'uploading the binary input was refused (403)',
      'the address of binary data is valid for 15 minutes, and this one may be older',
    ],
    ...uploading({ answer: { status: 403, body: '' } }),
  },
  {
    does: 'an upload to a store with a certificate that is not accepted',
    id: 'LX502',
    says: [
      'the TLS certificate was not accepted while uploading the binary input: self-signed certificate',
      'nothing was sent',
      'hint: name the authority that your network uses in NODE_EXTRA_CA_CERTS; checking cannot be turned off',
    ],
    ...failing('tls', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'),
  },
  {
    does: 'an upload whose answer is too large',
    id: 'LX520',
    says: ['the answer is too large: it is larger than 1 MiB'],
    ...failing('too_large', 'TOO_LARGE', 'it is larger than 1 MiB'),
  },
  {
    does: 'an upload that fails again and again',
    id: 'LX540',
    says: [
      'uploading the binary input failed for 7 s (last: HTTP 503, 4 tries)',
      'hint: check the network, then run it again',
    ],
    ...uploading({ answer: { status: 503, body: '' } }),
  },
  {
    does: 'a download to a directory',
    id: 'LX074',
    says: [
      'cannot write DIR/out: it is a directory',
      'hint: name a file in a directory that exists, that you may write to, and that has room',
    ],
    call: downloadTo('out', (file) => mkdirSync(file)),
  },
  {
    does: 'a download to a link',
    id: 'LX074',
    says: [
      'cannot write DIR/out: it is a symbolic link',
      'hint: name a file in a directory that exists, that you may write to, and that has room',
    ],
    call: downloadTo('out', (file) => symlinkSync('x', file)),
  },
  {
    does: 'a download to a device',
    id: 'LX074',
    says: [
      'cannot write /dev/null: it is not a regular file',
      'hint: name a file in a directory that exists, that you may write to, and that has room',
    ],
    call: async (session) => downloadBinaryOutput(await session.createOutput(), '/dev/null', session.options),
  },
  {
    does: 'a download to no directory',
    id: 'LX074',
    says: [
      "cannot write DIR/no/out: ENOENT: no such file or directory, open 'DIR/no/out.part'",
      'hint: name a file in a directory that exists, that you may write to, and that has room',
    ],
    call: downloadTo('no/out'),
  },
  {
    does: 'a download that another process takes away',
    id: 'LX074',
    says: [
      'cannot write DIR/out: DIR/out.part was replaced meanwhile',
      'hint: name a file in a directory that exists, that you may write to, and that has room',
    ],
    call: downloadTo('out', (file, { options }) => {
      options.onProgress = () => {
        rmSync(`${file}.part`);
        writeFileSync(`${file}.part`, 'x');
      };
    }),
  },
  {
    does: 'a download that ends too early',
    id: 'LX540',
    says: [
      'downloading the binary output failed for 15 s (last: UND_ERR_SOCKET, 5 tries)',
      'hint: check the network, then run it again',
    ],
    faults: [
      {
        request: 'downloadBinaryOutput',
        times: 'always',
        do: { raw: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello' },
      },
    ],
    call: downloadTo('out'),
  },
  {
    does: 'a download that does not tell its length',
    id: 'LX540',
    says: [
      'downloading the binary output failed for 15 s (last: the answer does not tell its length, 5 tries)',
      'hint: check the network, then run it again',
    ],
    faults: [
      { request: 'downloadBinaryOutput', times: 'always', do: { raw: 'HTTP/1.1 200 OK\r\n\r\nhello' } },
    ],
    call: downloadTo('out'),
  },
];
