import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from './body.js';
import { carry, type Gateway, type Work } from './gateway.js';
import { withoutSecrets } from './requests.js';
import { ApiError, type ReadXmlCall } from './route.js';
import type { State } from './state.js';

const PATH = '/WBXService/XMLService';

/** Answers `POST /WBXService/XMLService`; the request log shows `<path>/<Operation>`, and faults and limits see that, too. */
export function createXml(state: State, gateway: Gateway, readXmlCall: ReadXmlCall): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const entry = gateway.requests.begin(request.method ?? 'GET', PATH, new URLSearchParams());
    await carry(gateway, request, response, entry, async (): Promise<Work> => {
      if (entry.method !== 'POST') throw new ApiError(405, `Request method '${entry.method}' not supported`, undefined, { Allow: 'POST' });
      const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
      if (!/^(application|text)\/xml$/.test(type)) throw new ApiError(415, `Content type '${type}' not supported`);
      const text = (await readBytes(request)).toString('utf8');
      const call = readXmlCall(state, text);
      entry.path = `${PATH}/${call.operation}`;
      entry.owner = call.owner;
      entry.body = withoutSecrets(text);
      return { respond: call.respond, tooMany: call.tooMany };
    });
  };
}
