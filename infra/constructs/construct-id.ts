/** `receive-webhook` and `receiveWebhook` as the PascalCase that construct ids are written in. */
export function constructId(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
