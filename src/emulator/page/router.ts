import { Router } from 'express';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const CARDS = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js');

/** Only what is ours runs; styles by script (CSSOM) are not inline styles, so none of these are allowed either. */
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The chat page at `/` with its files. Everything that it shows comes from `/v1` and `/_emulator` of the same address. */
export function createPageRouter(): Router {
  const router = Router();
  router.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cross-Origin-Opener-Policy': 'same-origin',
    });
    next();
  });
  router.get('/adaptivecards.min.js', (_request, response) => { response.sendFile(CARDS); });
  router.get('/', (_request, response) => { response.sendFile('index.html', { root: FOLDER }); });
  router.get(/^\/[\w-]+\.(?:css|js|svg)$/, (request, response, next) => {
    response.sendFile(request.path.slice(1), { root: FOLDER }, (error?: Error) => { if (error) next(); });
  });
  return router;
}
