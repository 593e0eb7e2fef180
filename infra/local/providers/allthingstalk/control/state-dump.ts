import type { CloudState } from '../state.ts';

/** The state without a secret, and of every history only its end. */
export function dumpState(state: CloudState) {
  const { users, gateways, devices, staticTokens, challenges, accessTokens, refreshTokens, rules, ...rest } =
    state;
  return {
    ...rest,
    users: users.map(({ password: _password, authenticatorSecret, ...user }) => ({
      ...user,
      authenticator: authenticatorSecret !== undefined,
    })),
    gateways: gateways.map(({ key: _key, ...gateway }) => gateway),
    devices: devices.map(({ assets, ...device }) => ({
      ...device,
      assets: assets.map(({ reports, ...asset }) => ({
        ...asset,
        reports: reports.length,
        last: reports.at(-1) ?? null,
      })),
    })),
    staticTokens: staticTokens.map(({ text: _text, ...token }) => token),
    challenges: challenges.length,
    accessTokens: accessTokens.map(({ hash: _hash, ...token }) => token),
    refreshTokens: refreshTokens.map(({ hash: _hash, ...token }) => token),
    rules: rules.map(({ headers, ...rule }) => ({ ...rule, headers: Object.keys(headers) })),
  };
}
