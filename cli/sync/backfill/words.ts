/** What a backfill is going to take, and how it is getting on, for people. Pure: no I/O, no clock. */
import type { BackfillNews } from './backfill.ts';
import type { AccountEstimate, Estimate } from './estimate.ts';

/** Accounts told one by one. */
const MOST_ACCOUNTS = 5;
const BAR = 24;

const inGroups = new Intl.NumberFormat('en-GB');
const number = (value: number) => inGroups.format(value);

/** The whole, then the accounts that take longest. */
export function estimateLines({ series, days, calls, seconds, accounts }: Estimate): string[] {
  if (series === 0) return ['past: nothing is missing of what the providers keep'];
  const slowest = accounts.toSorted((a, b) => b.seconds - a.seconds);
  const others = slowest.slice(MOST_ACCOUNTS);
  const whole = `past: ${number(series)} series at ${number(accounts.length)} account${accounts.length === 1 ? '' : 's'}`;
  return [
    `${whole}, ${number(days)} days, about ${number(calls)} calls to the providers, ${aboutTime(seconds)}`,
    ...slowest.slice(0, MOST_ACCOUNTS).map(accountLine),
    ...(others.length > 0 ? [`  and ${number(others.length)} accounts that take less`] : []),
  ];
}

function accountLine({ accountId, provider, series, calls, callsNow, seconds }: AccountEstimate): string {
  const now = budgetWords(calls, callsNow);
  return `  ${accountId} (${provider}): ${number(series)} series, about ${number(calls)} calls, ${now}; ${aboutTime(seconds)}`;
}

function budgetWords(calls: number, callsNow: number): string {
  if (callsNow === 0) return 'none of which its budget has now';
  return callsNow === calls ? 'which its budget has now' : `of which its budget has ${number(callsNow)} now`;
}

export function backfillLine(news: Exclude<BackfillNews, { kind: 'estimate' }>): string {
  switch (news.kind) {
    case 'backfill': {
      const { series, seriesDone, days, daysDone, percent, readings, seconds, secondsLeft, setAside } = news;
      const filled = Math.round((BAR * percent) / 100);
      const rate = Math.round(readings / Math.max(1, seconds));
      const parts = [
        `past [${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${percent} %`,
        seriesDone + setAside < series ? `${aboutTime(secondsLeft)} left` : 'done',
        `${number(seriesDone)} of ${number(series)} series`,
        `${number(daysDone)} of ${number(days)} days`,
        `${number(readings)} readings, ${number(rate)}/s`,
        ...(setAside > 0 ? [`${number(setAside)} series set aside`] : []),
      ];
      return parts.join(', ');
    }
    case 'backfill_waits':
      return `past: ${news.accountId} waits until ${news.until}: ${news.reason}`;
    case 'set_aside': {
      const what = news.moduleId === undefined ? news.accountId : `${news.capability} of ${news.moduleId}`;
      return `past: ${what} is set aside until ${news.until}: ${news.reason}`;
    }
  }
}

/** Such as `12 min` or `3 days 4 h`: two units at most. */
export function aboutTime(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return 'about a minute';
  if (minutes < 60) return `about ${minutes} min`;
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days === 0) return `about ${hours} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
  return `about ${days} day${days === 1 ? '' : 's'}${hours > 0 ? ` ${hours} h` : ''}`;
}
