import { LuauExecError } from '../errors.ts';

const LONGEST = 8_192;
// URL has brought every spelling of an IPv4 address (`127.1`, `0x7f.0.0.1`) into the dotted form by now.
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
// Two labels at least. The last begins with a letter, which no address does.
const DNS_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// Names that by agreement never leave this machine or its network, where no store of Roblox's can be.
const LOCAL_NAME = /\.(?:localhost|local|internal)$/;

/**
 * Reads an upload or download URI that the service gave out: https, a DNS name, the usual port, no user name. While
 * the API itself (`apiOrigin`) is http on loopback, http on loopback with any port is taken as well. Throws
 * `LuauExecError` LX531, kind `bad_response`, for any other; its text never holds the URI, which is a secret.
 */
export function parsePresignedUri(text: string, apiOrigin: string): URL {
  if (text.length > LONGEST) throw refuse(`it is longer than ${LONGEST} characters`);
  // What `URL` would pass over or change in silence: white space, control characters, backslashes.
  if (!/^[\x21-\x5b\x5d-\x7e]+$/.test(text) || !URL.canParse(text)) throw refuse('it is not a URI');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw refuse('it holds a user name or password');
  if (isLoopbackHttp(url) && isLoopbackHttp(new URL(apiOrigin))) return url;
  if (url.protocol !== 'https:') throw refuse(`it begins with ${url.protocol} instead of https:`);
  if (!DNS_NAME.test(url.hostname)) throw refuse('its host is not a DNS name');
  if (LOCAL_NAME.test(url.hostname)) throw refuse('its host is a name of the local network');
  // `URL` leaves the port out where it is 443.
  if (url.port !== '') throw refuse(`it names port ${url.port}`);
  return url;
}

function isLoopbackHttp(url: URL): boolean {
  return url.protocol === 'http:' && LOOPBACK.test(url.hostname);
}

function refuse(reason: string): LuauExecError {
  return new LuauExecError(`refused an address that the service gave for binary data: ${reason}`, {
    id: 'LX531',
    kind: 'bad_response',
    facts: ['nothing was sent there'],
    hint: 'check the base URL; if it is right, report this',
  });
}
