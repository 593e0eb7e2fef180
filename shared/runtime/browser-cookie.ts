/** The cookie that binds a link to one browser; one a link, so that two links in two tabs do not meet. */

export interface BrowserCookie {
  write(secret: string, maxAgeSeconds: number): string;
  read(cookies: readonly string[] | undefined): string | undefined;
}

/**
 * `__Host-` makes browsers refuse the cookie from any other host, over plain HTTP or for a part of the site; where
 * there is no TLS (a local run), they would refuse it from us as well. SameSite is lax because the provider's redirect
 * comes from another site.
 * @see RFC 6265bis §4.1.3.2
 */
export function browserCookie(publicUrl: string, linkId: string): BrowserCookie {
  const isSecure = publicUrl.startsWith('https:');
  const name = `${isSecure ? '__Host-' : ''}latchkey-${linkId}`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return {
    write: (secret, maxAgeSeconds) => `${name}=${secret}; Max-Age=${maxAgeSeconds}; ${attributes}`,
    read: (cookies) => cookies?.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1),
  };
}
