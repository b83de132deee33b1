/** Which requests are refused before anything else is looked at. */

import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What the guard knows. */
export interface Guarded {
  /** The port that the server listens on. */
  readonly port: number;
  /** The token of the printed address. */
  readonly token: string;
  /** Stands for the token once: see {@link ViewerServer.makeTicketUrl}. */
  readonly ticket?: string | undefined;
}

/** What the guard looks at. */
export interface GuardedRequest {
  /** As it stands in the request: `/TOKEN/api/source?x`. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A request that may go on, with its path behind the token; that comes with the ticket; or the reason why not. */
export type Verdict = { readonly path: string } | { readonly isTicket: true } | { readonly refusal: string };

/**
 * Looks at a request. It may go on where
 *
 * - `Host` is this server's. A page of another site whose name was made to lead here (DNS rebinding) has its own name there;
 * - `Origin`, which browsers add to what a page sends, is this server's, and `Sec-Fetch-Site` names no other site;
 * - the path begins with the token.
 */
export function judge({ url, headers }: GuardedRequest, { port, token, ticket }: Guarded): Verdict {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  if (host === undefined || !hosts.includes(host)) return { refusal: "the Host is not this server's" };
  if (origin !== undefined && origin !== `http://${host}`) return { refusal: "the Origin is another site's" };
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return { refusal: "another site has asked for it" };
  }
  const [, given = "", path] = /^\/([^/?#]*)(\/[^?#]*)?/.exec(url) ?? [];
  if (path === "/" && ticket !== undefined && isSame(given, ticket)) return { isTicket: true };
  if (path === undefined || !isSame(given, token)) return { refusal: "the token of the printed address is missing" };
  return { path: path.slice(1) };
}

/** Takes as long for each wrong token of the right length. */
function isSame(given: string, token: string): boolean {
  const [one, other] = [new TextEncoder().encode(given), new TextEncoder().encode(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
