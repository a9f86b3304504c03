// undici's index pulls in fetch, WebSocket and caches, which doubles the start-up time of a run; these are the two
// files that we use, with the types that the index gives them.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';
  export default Agent;
}
declare module 'undici/lib/dispatcher/env-http-proxy-agent.js' {
  import { EnvHttpProxyAgent } from 'undici';
  export default EnvHttpProxyAgent;
}
