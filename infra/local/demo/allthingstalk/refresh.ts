/** Asks the simulated cloud for tokens, as any program may: there is nothing to register. */
export function refreshAt(url: string) {
  return (refreshToken: string): Promise<Response> => {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: 'web',
    });
    return fetch(`${url}/login`, { method: 'POST', body });
  };
}
