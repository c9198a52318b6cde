import type { RequestHandler } from 'express';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The name in a Host header, without the port. */
const nameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * Refuses what a foreign web page could send: a Host that is not ours (a name bound anew to this machine),
 * and requests with an effect from another origin. `host` is where the server listens, when that is not loopback.
 */
export function createGuard(host: string): RequestHandler {
  const names = new Set([...LOOPBACK, host.toLowerCase()]);
  return (request, response, next) => {
    const own = request.headers.host ?? '';
    const { origin } = request.headers;
    if (!names.has(nameOf(own))) response.status(403).json({ message: 'This host name is not served.' });
    else if (origin !== undefined && origin !== `http://${own}` && request.method !== 'GET' && request.method !== 'HEAD') {
      response.status(403).json({ message: 'Requests of other origins are refused.' });
    } else next();
  };
}
