import { disposition } from '../messages/files.js';
import { ApiError, type ApiReply, type ApiRequest, type Route } from '../route.js';
import { readableRoom } from '../spaces.js';

/** The bytes of a message's file, for those who are in its space. HEAD gives the name and the size. */
function get({ state, caller, params }: ApiRequest): ApiReply {
  const file = state.files.get(params.contentId ?? '');
  if (!file) throw new ApiError(404, 'The requested resource could not be found.');
  readableRoom(state, caller, file.roomId, 'messages');
  return { status: 200, headers: { 'Content-Type': file.contentType, 'Content-Disposition': disposition(file.name) }, body: file.bytes };
}

export const routes: Route[] = [
  { method: 'GET', path: '/contents/:contentId', scopes: ['spark:messages_read', 'spark-compliance:messages_read', 'spark:all'], roles: [], bots: true, handle: get },
];
