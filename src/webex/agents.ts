import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { ProxyAgent } from 'proxy-agent';

/** How Webex is reached. All of it is the operator's; nothing is read from the environment. */
export interface Route {
  /** `http://user:password@proxy.example:3128`. Absent: straight. */
  proxyUrl?: string | undefined;
  /** Hosts that are reached straight, as in NO_PROXY: `localhost,.intra.example,10.0.0.7:8080`, or `*`. */
  noProxy?: string | undefined;
  /** A PEM file with certificate authorities to trust besides the usual ones, for proxies that look into TLS. */
  caFile?: string | undefined;
}

/** The agents of one transport. They keep connections open. */
export interface Agents {
  for(url: string): { httpAgent: HttpAgent; httpsAgent: HttpAgent };
  close(): void;
}

const MOST_SOCKETS = 256;

export function createAgents(route: Route): Agents {
  const ca = route.caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(route.caFile, 'utf8')] };
  const options = { keepAlive: true, maxSockets: MOST_SOCKETS, ...ca };
  const straight = { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
  const { proxyUrl, noProxy } = route;
  if (proxyUrl === undefined) {
    return { for: () => straight, close: () => { destroy(straight); } };
  }
  const agent = new ProxyAgent({ ...options, ...straight, getProxyForUrl: () => proxyUrl });
  const proxied = { httpAgent: agent, httpsAgent: agent };
  return {
    for: (url) => (isExempt(new URL(url), noProxy ?? '') ? straight : proxied),
    close: () => {
      destroy(straight);
      agent.destroy();
    },
  };
}

/** Whether a list in the form of NO_PROXY names the address. */
export function isExempt(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return noProxy.toLowerCase().split(/[\s,]+/).filter(Boolean).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (wantedPort !== undefined && wantedPort !== port) return false;
    const suffix = name.replace(/^\*?\./, '');
    return host === suffix || host.endsWith(`.${suffix}`);
  });
}

function destroy(agents: { httpAgent: HttpAgent; httpsAgent: HttpAgent }): void {
  agents.httpAgent.destroy();
  agents.httpsAgent.destroy();
}
